import { isLookedAt, namesIn, parametersOf } from '../bounds.ts';
import { calleeOf, firstLine, functionAround, functionBefore, functionText, inLibrary } from '../place.ts';
import type { Hit, LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { isCommented } from '../text.ts';
import type { Item, Site } from '../../types/syntax.ts';

const CAST = /^\s*as\s+(?:\w+::)*(u8|i8|u16|i16|u32|i32|c_int|c_uint|c_ushort|c_short|c_uchar)\b/;
const MINUS = /^\s*-\s*(?![>=])(\d[\d_]*(?![\w.])|[a-z_][\w.]*(?![\w(:]))/;
const TEXT =
  /^&?(?:'\w+\s+)?(?:mut\s+)?(?:\[u8\]|str|Vec<u8>|String)$|\b(?:AsRef|Into)<(?:\[u8\]|str|Vec<u8>|String)>/;
const MAKES_TEXT =
  'Vec<u8>|as_bytes\\(\\)|to_vec\\(\\)|into_bytes\\(\\)|format!|String::|to_string\\(\\)|to_owned\\(\\)|\\bencode\\w*\\(|serialize\\w*\\(';
const NARROW = /^(?:u8|i8|u16|i16|c_ushort|c_short|c_uchar)$/;

/** `list.len() as u16`, `list.len() - 1`. */
const lengthUsed: SiteCheck = (file, site) => {
  const { text } = file;
  if (text.charCodeAt(site.detail + 1) !== 41) return null;
  const after = text.slice(site.end, site.end + 60);
  const type = CAST.exec(after)?.[1];
  if (type !== undefined) return truncation(file, site, type);
  const less = MINUS.exec(after)?.[1];
  return less === undefined ? null : underflow(file, site, less);
};

/** The bits of the length that do not fit are dropped. */
function truncation(file: LintFile, site: Site, type: string): Hit | null {
  const owner = ownerOf(file, site);
  if (owner === null || isCommented(file.text, site) || isTestCode(file, site)) return null;
  if (file.text.endsWith('wrapping_add(', site.start) || functionAround(file, site)?.unsafe === true)
    return null;
  const code = functionText(file, site);
  if (new RegExp(`\\b${type}::(?:MAX|try_from)|\\btry_(?:from|into)\\b|::MAX\\b|max_value`).test(code))
    return null;
  const before = functionBefore(file, site);
  if (isLookedAt(before, owner) || isLiteral(owner) || isFixed(before, owner)) return null;
  const narrow = NARROW.test(type);
  // Of larger things than bytes a memory hardly holds so many.
  if (!narrow && !isText(functionAround(file, site)?.signature ?? '', before, owner)) return null;
  return {
    rule: 'length-truncation',
    ...lineOf(file, site),
    ...(narrow ? {} : { severity: 'info' as const }),
    title: `length cut to ${type}`,
    message: `A \`${owner}\` that is longer than a \`${type}\` can say gives a wrong number, and no error.`,
    suggestion: `Use \`${type}::try_from(${owner}.len())\` and handle the error, or bound the length before.`,
  };
}

/** Below zero a length wraps, or panics in a debug build. */
function underflow(file: LintFile, site: Site, less: string): Hit | null {
  const owner = ownerOf(file, site);
  if (owner === null || isCommented(file.text, site) || !inLibrary(file, site)) return null;
  if (!isGiven(functionAround(file, site), owner, less)) return null;
  const code = functionText(file, site);
  const before = functionBefore(file, site);
  if (isLookedAt(before, owner) || isFilled(before, owner)) return null;
  // A local of the same name is no longer what the caller gave.
  if (new RegExp(`\\blet\\s+(?:mut\\s+)?${owner}\\b`).test(before)) return null;
  if (namesIn(less).some((name) => isLookedAt(code, name) || isTakenFrom(before, name))) return null;
  return {
    rule: 'length-underflow',
    ...lineOf(file, site),
    title: `${less} taken from a length that may be less`,
    message: `Nothing before this line shows that \`${owner}\` holds as many: the difference wraps in a release build and panics in a debug one.`,
    suggestion: `Use \`${owner}.len().checked_sub(${less})\`, or look first whether it is long enough.`,
  };
}

/** Whether a caller from outside gives the list, and what is taken from its length is fixed or given too. */
function isGiven(around: Item | undefined, owner: string, less: string): boolean {
  if (around === undefined || around.visibility !== 'pub' || around.unsafe) return false;
  if (/panic|\bmust\b|non[- ]?empty|at least|\bvalid\b/i.test(around.doc)) return false;
  if (
    !parametersOf(around.signature, /^&?(?:'\w+\s+)?(?:mut\s+)?(?:\[[^;]*\]$|str$|Vec<|String$|&)/).includes(
      owner,
    )
  )
    return false;
  return /^\d/.test(less) || parametersOf(around.signature, /./).includes(less);
}

/** What the length is of, as a plain path; null for anything else. */
function ownerOf(file: LintFile, site: Site): string | null {
  const callee = calleeOf(file, site);
  const owner = /^[*&(]*((?:\w+\.)*[a-z_]\w*)\.len$/.exec(callee)?.[1];
  // A type's own length is what its constructor made it.
  return owner === undefined || owner === 'self' ? null : owner;
}

function isLiteral(owner: string): boolean {
  return /^[A-Z_0-9]+$/.test(owner.split('.').at(-1) ?? '');
}

/** Whether it is a local array, whose length the compiler knows, or one of the parts that a call cut something in. */
function isFixed(code: string, owner: string): boolean {
  if (new RegExp(`\\blet\\s*\\([^()]{0,60}\\b${owner}\\b[^()]{0,60}\\)\\s*=`).test(code)) return true;
  return new RegExp(`\\blet\\s+(?:mut\\s+)?${owner}\\b\\s*(?::[^=;]{0,60};[^=;]{0,40})?=\\s*\\[`).test(code);
}

/** Whether it is text or bytes, as a parameter says or the value it was made from. */
function isText(signature: string, before: string, owner: string): boolean {
  const made = `\\blet\\s+(?:mut\\s+)?${owner}\\b[^=;]{0,40}=[^;]{0,120}(?:${MAKES_TEXT})`;
  return parametersOf(signature, TEXT).includes(owner) || new RegExp(made).test(before);
}

/** Whether something was put into it, or it was made with a length, shortly before. */
function isFilled(code: string, owner: string): boolean {
  const path = owner.replaceAll('.', '\\.');
  return new RegExp(
    `\\b${path}\\.(?:push\\w*|insert|extend\\w*|resize|iter|chars|bytes|split\\w*|retain|find|rfind)\\(|\\b${path}\\s*(?::[^=;]{0,60})?=\\s*(?:vec!|\\[|format!|&?b?"|.{0,40}\\.to_string\\(\\))|\\b${path}:\\s*&?(?:mut\\s+)?\\[[^\\]]*;`,
  ).test(code);
}

/** A position that was found in the same text, or a length of a part of it. */
function isTakenFrom(code: string, name: string): boolean {
  return new RegExp(
    `\\b${name}\\b\\s*(?::[^=;]{0,40})?=[^;]{0,120}(?:find|position|len|trim|min|prefix)\\w*\\(`,
  ).test(code);
}

function isTestCode({ items, role }: LintFile, { item }: Site): boolean {
  return items[item]?.test === true || (role !== 'library' && role !== 'binary');
}

function lineOf(file: LintFile, site: Site): { start: number; end: number } {
  return firstLine(file, { ...site, end: Math.min(file.text.length, site.end + 8) });
}

export const lengthChecks: SiteChecks = { calls: { len: lengthUsed } };
