import { calleeOf, firstLine, functionAround, functionText } from '../place.ts';
import type { FileCheck, Hit, LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { isComment, isCommented, lineEnd, lineStart } from '../text.ts';
import type { Item, Site } from '../../types/syntax.ts';

const WEAK =
  /(?:^|::|<)(Md4|Md5|MD5|Sha1|SHA1|md4|md5|sha1)(?:>?::(?:new|digest|compute|default|from))$|\bMessageDigest::(md5|sha1)$|\bdigest::(SHA1_FOR_LEGACY_USE_ONLY)$/;
const GUARDS = /passw|secret|sign|auth|token|verif|credential|hmac|\bmac\b|cert|fingerprint|licen[cs]e/i;
/** The hash's own module, and tables from an algorithm's name to its code: whoever names it chose it. */
const OWN_NAME = /md[45]|sha_?1/i;
const ARM = /\w*(?:md[45]|sha_?1)\w*(?:\([^()]*\))?\s*=>[^;]*$/i;

function isOfTheHash(file: LintFile, site: Site): boolean {
  const name = functionAround(file, site)?.path ?? '';
  if (OWN_NAME.test(file.path.split('/').at(-1) ?? '') || OWN_NAME.test(name)) return true;
  return ARM.test(file.text.slice(Math.max(0, site.start - 200), site.start));
}

/** Protocols that fix the hash, and uses that need no resistance. */
const FIXED =
  /258EAFA5|websocket|uuid|checksum|etag|cache|git|torrent|info_?hash|bencode|content_md5|dedup|sec_accept|accept_key|mysql|scramble|postgres|digest_auth|cram|apop|ntlm|totp|hotp|user_?name|namespace|name_?space/i;

const weakHash: SiteCheck = (file, site) => {
  const match = WEAK.exec(calleeOf(file, site).replace(/::<[^>]*>/g, ''));
  if (match === null) return null;
  const hash = (match[1] ?? match[2] ?? match[3] ?? '').toUpperCase();
  const around = functionAround(file, site);
  const code = functionText(file, site);
  if (FIXED.test(file.path) || FIXED.test(around?.path ?? '') || FIXED.test(code)) return null;
  if (isCommented(file.text, site) || isOfTheHash(file, site)) return null;
  const guards = GUARDS.test(around?.path ?? '') || GUARDS.test(code);
  return {
    rule: 'weak-hash',
    ...firstLine(file, site),
    ...(guards ? { severity: 'medium' as const } : {}),
    title: `${hash} is broken`,
    message: `Two inputs of one ${hash} can be made by anyone: it protects neither signatures nor identities.`,
    suggestion:
      'Use SHA-256 or BLAKE3 (for passwords Argon2); where a protocol fixes the hash, say so in a comment.',
  };
};

const SECRET =
  '(?:hmac|\\w+_h?mac|(?:\\w+_)?(?:password|passwd|passphrase|api_key|secret_key|access_token|auth_token|session_token|csrf_token)|\\w+_secret|secret_\\w+)';
/** `expected_mac == mac`, where one side is a secret by its name and the other is not fixed in the code. */
const COMPARED = new RegExp(
  String.raw`(?<![\w"'])(?:self\.|\w+\.)*${SECRET}(?:\.as_(?:bytes|ref|slice|str)\(\))?\s*[!=]=\s*(?!None|Some|"|'|b"|\d|true|false|[A-Z_]+\b|\w+::|\[\]|\(\))&?\*?[a-z_][\w.]*`,
);
/** Both sides come from one hand: a new password and its repetition. */
const REPEATED = /confirm|repeat|again|verify_|second|\w2\b|old_|new_/i;
/** One of them stands in every line that compares a secret. */
const MAY_COMPARE = /mac\b|passw|passphrase|api_key|secret|_token/;

/** Secrets that a plain `==` compares. */
export const comparisonHits: FileCheck = (file) => {
  const { text } = file;
  if (!MAY_COMPARE.test(text)) return [];
  const hits: Hit[] = [];
  for (let at = text.indexOf('='); at !== -1; at = text.indexOf('=', at + 2)) {
    if (text.charAt(at + 1) !== '=' && text.charAt(at - 1) !== '!') continue;
    const start = lineStart(text, at);
    const line = text.slice(start, lineEnd(text, at));
    const match = MAY_COMPARE.test(line) ? COMPARED.exec(line) : null;
    if (
      match === null ||
      isComment(line.trim()) ||
      /assert|constant_time|ct_eq|\.len\(\)|is_empty|other\.|rhs\./.test(line) ||
      REPEATED.test(match[0])
    )
      continue;
    if (hits.at(-1)?.end === start + match.index + match[0].length) continue;
    hits.push(compared(start + match.index, match[0]));
  }
  return hits;
};

function compared(start: number, what: string): Hit {
  return {
    rule: 'secret-comparison',
    start,
    end: start + what.length,
    title: 'secret compared byte by byte',
    message:
      'The comparison ends at the first byte that differs: how long it takes tells how much of a guess is right.',
    suggestion: 'Use `subtle::ConstantTimeEq`, `ring::constant_time`, or the library’s own `verify`.',
  };
}

const WEAK_RANDOM =
  /\bfastrand::|\bSmallRng\b|\bseed_from_u64\b|\boorandom\b|\bXor[Ss]hift\w*|\bXoshiro\w+|\bWyRand\b|\bPcg(?:32|64|Mcg)\w*|\bStepRng\b|\bnanorand::WyRand\b/;
const SECRET_NAME =
  /(?:^|_)(?:token|password|passwd|secret|nonce|salt|session_id|session_key|api_key|private_key|secret_key|csrf|otp|iv)(?:$|_)/;
const MAKES = /^(?:generate|gen|new|make|create|random|rand|mint|issue)(?:_|$)/;

/** A function that makes a secret by its name and draws it from a generator that can be guessed. */
export const randomHits: FileCheck = (file) =>
  file.items.filter(isMaker).flatMap((item) => drawn(file, item));

function isMaker({ kind, name, body, test }: Item): boolean {
  return kind === 'fn' && body !== null && !test && MAKES.test(name) && SECRET_NAME.test(name);
}

function drawn({ text }: LintFile, { body, name }: Item): Hit[] {
  if (body === null) return [];
  const match = WEAK_RANDOM.exec(text.slice(body.start, Math.min(body.end, body.start + 4_000)));
  if (match === null) return [];
  return [weakRandom(body.start + match.index, match[0], name)];
}

/** `let token = fastrand::u64(..);` */
const drawnByLet: SiteCheck = ({ text }, site) => {
  if (!SECRET_NAME.test(site.name) || site.end - site.detail > 400) return null;
  const match = WEAK_RANDOM.exec(text.slice(site.detail, site.end));
  return match === null ? null : weakRandom(site.detail + match.index, match[0], site.name);
};

function weakRandom(start: number, what: string, name: string): Hit {
  return {
    rule: 'weak-randomness',
    start,
    end: start + what.length,
    title: `\`${name}\` from a generator that can be guessed`,
    message: 'A few outputs of this generator, or its seed, tell all that follow.',
    suggestion:
      'Use the operating system’s randomness: `getrandom`, `OsRng`, or `rand::rng()` where it is a CSPRNG.',
  };
}

export const cryptoChecks: SiteChecks = {
  calls: { new: weakHash, digest: weakHash, compute: weakHash, md5: weakHash, sha1: weakHash },
  kinds: { let: drawnByLet },
};
