import type { Secret } from '../secrets.ts';
import { looksFilledIn } from './strength.ts';

interface TokenForm {
  readonly kind: string;
  readonly prefix: string;
  /** Sticky: what follows the prefix. Every repetition is bounded. */
  readonly body: RegExp;
}

interface LedForm {
  readonly kind: string;
  /** Matches the text right before the body, at its end. */
  readonly lead: RegExp;
  readonly body: RegExp;
}

const END = '(?![A-Za-z0-9])';
const ALNUM = '[A-Za-z0-9]';
const JWT_REST = `[\\w-]{8,4000}\\.eyJ[\\w-]{8,8000}\\.[\\w-]{16,2000}`;

/** kind, prefixes, body: the forms that the issuers publish (or that their tokens show). */
const FORMS: readonly (readonly [kind: string, prefixes: string, body: string])[] = [
  ['aws-access-key-id', 'AKIA ASIA ABIA ACCA', '[A-Z0-9]{16}'],
  ['github-token', 'ghp_ gho_ ghu_ ghs_ ghr_', `${ALNUM}{30,255}`],
  ['github-token', 'github_pat_', '\\w{40,255}'],
  [
    'gitlab-token',
    'glpat- gldt- glrt- glcbt- glptt- glft- glsoat- glimt- glagent- gloas- glffct-',
    '[\\w-]{20,300}(?:\\.[0-9a-z]{2}\\.[0-9a-z]{9})?',
  ],
  [
    'slack-token',
    'xoxb- xoxp- xoxa- xoxr- xoxs- xoxe- xoxo- xoxc- xoxd- xapp-',
    '(?=[\\w-]{0,250}\\d)[\\w-]{12,250}',
  ],
  ['stripe-key', 'sk_live_ sk_test_ rk_live_ rk_test_', `(?=${ALNUM}{0,250}\\d)${ALNUM}{16,250}`],
  ['stripe-key', 'whsec_', '(?=[\\w+/]{0,120}\\d)[\\w+/]{32,120}'],
  ['anthropic-key', 'sk-ant-', '(?=[\\w-]{0,250}\\d)[\\w-]{20,250}'],
  ['openai-key', 'sk-proj- sk-svcacct- sk-admin- sk-None-', '(?=[\\w-]{0,250}\\d)[\\w-]{20,250}'],
  ['openai-key', 'sk-', `(?=${ALNUM}{0,64}\\d)${ALNUM}{32,64}`],
  ['openrouter-key', 'sk-or-v1-', '[0-9a-f]{64}'],
  ['xai-key', 'xai-', `(?=${ALNUM}{0,128}\\d)${ALNUM}{32,128}`],
  ['google-api-key', 'AIza', '[\\w-]{35}'],
  ['google-oauth-secret', 'GOCSPX-', '[\\w-]{20,40}'],
  ['groq-key', 'gsk_', `${ALNUM}{40,64}`],
  ['huggingface-token', 'hf_', `${ALNUM}{30,40}`],
  ['replicate-token', 'r8_', `${ALNUM}{37}`],
  ['perplexity-key', 'pplx-', `${ALNUM}{40,64}`],
  ['npm-token', 'npm_', `${ALNUM}{36}`],
  ['pypi-token', 'pypi-AgE', '[\\w-]{50,500}'],
  ['crates-io-token', 'cio', `(?=[A-Za-z]{0,31}\\d)${ALNUM}{32}`],
  ['docker-token', 'dckr_pat_ dckr_oat_', '[\\w-]{27,40}'],
  ['digitalocean-token', 'dop_v1_ doo_v1_ dor_v1_', '[0-9a-f]{64}'],
  ['shopify-token', 'shpat_ shpca_ shppa_ shpss_', '[0-9a-fA-F]{32}'],
  ['twilio-key', 'SK', '[0-9a-f]{32}'],
  ['databricks-token', 'dapi', '[0-9a-f]{32}'],
  ['mailgun-key', 'key-', '[0-9a-f]{32}'],
  ['linear-key', 'lin_api_', `${ALNUM}{32,48}`],
  ['notion-token', 'ntn_', `${ALNUM}{40,60}`],
  ['tailscale-key', 'tskey-auth- tskey-api- tskey-client-', '[\\w-]{20,80}'],
  ['postman-key', 'PMAK-', '[0-9a-f]{24}-[0-9a-f]{34}'],
  ['newrelic-key', 'NRAK-', '[A-Z0-9]{27}'],
  ['grafana-token', 'glsa_', `${ALNUM}{32}_[0-9a-fA-F]{8}`],
  ['supabase-token', 'sbp_', '[0-9a-f]{40}'],
  ['atlassian-token', 'ATATT3', '[\\w-]{60,300}'],
  ['age-key', 'AGE-SECRET-KEY-1', '[0-9A-Z]{58}'],
  ['json-web-token', 'eyJ', JWT_REST],
];

const LED: readonly LedForm[] = [
  {
    kind: 'sendgrid-key',
    lead: /(?:^|\\[nrt]|[^A-Za-z0-9\\])SG\.$/,
    body: sticky('[\\w-]{22}\\.[\\w-]{43}'),
  },
  { kind: 'google-oauth-token', lead: /(?:^|\\[nrt]|[^A-Za-z0-9\\])ya29\.$/, body: sticky('[\\w-]{30,400}') },
  { kind: 'vault-token', lead: /(?:^|\\[nrt]|[^A-Za-z0-9\\])hv[sbr]\.$/, body: sticky('[\\w-]{24,200}') },
  { kind: 'telegram-bot-token', lead: /\b\d{8,10}:$/, body: sticky('AA[\\w-]{33}') },
  {
    kind: 'slack-webhook',
    lead: /hooks\.slack\.com\/services\/T\w{6,12}\/B\w{6,12}\/$/,
    body: sticky(`${ALNUM}{20,32}`),
  },
  {
    kind: 'discord-webhook',
    lead: /discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/$/,
    body: sticky('[\\w-]{60,80}'),
  },
];
const LED_MARKS = new Set(['.', ':', '/']);

/** The forms by the character code that their prefix begins with. */
const BY_FIRST_CODE = byFirstCode();
// Characters that a token is made of: ASCII letters, digits, `_`, `-`.
const WORD = Uint8Array.from({ length: 128 }, (_, code) => Number(/[\w-]/.test(String.fromCharCode(code))));
const BACKSLASH = 92;
const DASH = 45;
const UNDERSCORE = 95;
/** No token's first word is shorter: one character of so many needs a look. */
const SHORTEST = 19;

/** Tokens that their issuer's prefix, or the address around them, gives away. */
export function findTokens(text: string): Secret[] {
  const found: Secret[] = [];
  const { length } = text;
  let past = 0;
  let at = SHORTEST - 1;
  while (at < length) {
    if (!isWord(text.charCodeAt(at))) {
      at += SHORTEST;
      continue;
    }
    const start = wordStart(text, at, past);
    past = wordEnd(text, at);
    if (past - start >= SHORTEST) tokensIn(text, start, past, found);
    at = past + SHORTEST;
  }
  return found;
}

/** Where the word at `at` begins, after `past`. `"\nghp_…"`: the letter after a backslash belongs to the escape. */
function wordStart(text: string, at: number, past: number): number {
  let start = at;
  while (start > past && isWord(text.charCodeAt(start - 1))) start -= 1;
  return start > 0 && text.charCodeAt(start - 1) === BACKSLASH ? start + 1 : start;
}

function wordEnd(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && isWord(text.charCodeAt(end))) end += 1;
  return end;
}

function isWord(code: number): boolean {
  return code < 128 && WORD[code] === 1;
}

/** Tokens that begin where the word does or after a `-`, `_` in it. */
function tokensIn(text: string, start: number, end: number, found: Secret[]): void {
  const led = ledTokenAt(text, start);
  if (led !== null) {
    found.push(led);
    return;
  }
  let at = start;
  while (at + SHORTEST <= end) {
    const previous = at === start ? DASH : text.charCodeAt(at - 1);
    const mayBegin = previous === DASH || previous === UNDERSCORE;
    const secret = mayBegin ? tokenAt(text, at, at === start) : null;
    if (secret !== null) found.push(secret);
    at = secret === null ? at + 1 : secret.end;
  }
}

/** The token that begins at `at`, if one of the forms fits. A JSON web token begins a word. */
function tokenAt(text: string, at: number, first: boolean): Secret | null {
  for (const { kind, prefix, body } of BY_FIRST_CODE[text.charCodeAt(at)] as readonly TokenForm[]) {
    if (!text.startsWith(prefix, at) || (prefix === 'eyJ' && !first)) continue;
    const secret = matchAt(text, kind, body, at, at + prefix.length);
    if (secret !== null) return secret;
  }
  return null;
}

/** The token whose body begins at `at`, after text that tells what it is (`SG.`, a webhook's address). */
function ledTokenAt(text: string, at: number): Secret | null {
  if (at === 0 || !LED_MARKS.has(text.charAt(at - 1))) return null;
  const before = text.slice(Math.max(0, at - 72), at);
  for (const { kind, lead, body } of LED) {
    const secret = lead.test(before) ? matchAt(text, kind, body, at, at) : null;
    if (secret !== null) return secret;
  }
  return null;
}

function matchAt(text: string, kind: string, body: RegExp, start: number, from: number): Secret | null {
  body.lastIndex = from;
  const match = body.exec(text);
  if (match === null || !looksFilledIn(match[0])) return null;
  return { kind, start, end: from + match[0].length };
}

function sticky(body: string): RegExp {
  return new RegExp(body + END, 'y');
}

function byFirstCode(): TokenForm[][] {
  const table: TokenForm[][] = Array.from({ length: 128 }, () => []);
  for (const [kind, prefixes, body] of FORMS) {
    for (const prefix of prefixes.split(' ')) {
      (table[prefix.charCodeAt(0)] as TokenForm[]).push({ kind, prefix, body: sticky(body) });
    }
  }
  return table;
}
