import { isLookedAt, namesIn } from '../bounds.ts';
import { calleeOf, firstLine, functionBefore, functionText, inLibrary } from '../place.ts';
import type { Hit, LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { isCommented } from '../text.ts';
import type { Site } from '../../types.ts';

const CAST = /^\s*as\s+(?:\w+::)*(u8|i8|u16|i16|u32|i32|c_int|c_uint|c_ushort|c_short|c_uchar)\b/;
const MINUS = /^\s*-\s*(?![>=])(\d[\d_]*(?![\w.])|[a-z_][\w.]*(?![\w(:]))/;
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
  const code = functionText(file, site);
  if (new RegExp(`\\b${type}::(?:MAX|try_from)|\\btry_(?:from|into)\\b|::MAX\\b|max_value`).test(code))
    return null;
  if (isLookedAt(functionBefore(file, site), owner) || isLiteral(owner)) return null;
  return {
    rule: 'length-truncation',
    ...lineOf(file, site),
    ...(NARROW.test(type) ? { severity: 'medium' as const } : {}),
    title: `length cut to ${type}`,
    message: `A \`${owner}\` that is longer than a \`${type}\` can say gives a wrong number, and no error.`,
    suggestion: `Use \`${type}::try_from(${owner}.len())\` and handle the error, or bound the length before.`,
  };
}

/** Below zero a length wraps, or panics in a debug build. */
function underflow(file: LintFile, site: Site, less: string): Hit | null {
  const owner = ownerOf(file, site);
  if (owner === null || isLiteral(owner) || isCommented(file.text, site) || !inLibrary(file, site))
    return null;
  const code = functionText(file, site);
  const before = functionBefore(file, site);
  if (isLookedAt(before, owner) || isFilled(before, owner)) return null;
  if (namesIn(less).some((name) => isLookedAt(code, name) || isTakenFrom(before, name))) return null;
  return {
    rule: 'length-underflow',
    ...lineOf(file, site),
    title: `${less} taken from a length that may be less`,
    message: `Nothing before this line shows that \`${owner}\` holds as many: the difference wraps in a release build and panics in a debug one.`,
    suggestion: `Use \`${owner}.len().checked_sub(${less})\`, or look first whether it is long enough.`,
  };
}

/** What the length is of, as a plain path; null for anything else. */
function ownerOf(file: LintFile, site: Site): string | null {
  const callee = calleeOf(file, site);
  return /^[*&(]*((?:\w+\.)*[a-z_]\w*)\.len$/.exec(callee)?.[1] ?? null;
}

function isLiteral(owner: string): boolean {
  return /^[A-Z_0-9]+$/.test(owner.split('.').at(-1) ?? '');
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
