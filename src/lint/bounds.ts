/** Tells, by its text alone, whether code looks at a value before it uses it. */
import { splitAtCommas } from './text.ts';

const COMPARISON = String.raw`(?:[<>]=?|[!=]=)`;
const BRANCHING =
  'min|max|clamp|checked_\\w+|saturating_\\w+|is_null|is_empty|is_some|get|position|first|last|contains\\w*|rem_euclid';

/** Names of a function's parameters whose type `type` matches, in a signature as written. */
export function parametersOf(signature: string, type: RegExp): string[] {
  const list = signature.slice(signature.indexOf('(') + 1, signature.lastIndexOf(')'));
  return splitAtCommas(list).flatMap((parameter) => {
    const [, name, written = ''] = /^(?:mut\s+)?([a-z_]\w*)\s*:\s*([^]*)$/.exec(parameter) ?? [];
    return name !== undefined && type.test(written) ? [name] : [];
  });
}

/** Names as they stand in an expression: variables and fields, not types, constants or methods. */
export function namesIn(expression: string): string[] {
  return [...expression.matchAll(/(?<![\w.'])[a-z_][a-z0-9_]*\b(?!\s*(?:\(|::|!))/g)]
    .map(([name]) => name)
    .filter((name) => !/^(?:as|self|mut|usize|isize|[iu](?:8|16|32|64|128)|_)$/.test(name));
}

/**
 * Whether `code` compares `name`, asserts something of it, draws it from a range, or bounds it: a path such as
 * `self.items`, of which a method counts too (`self.items.len() > 2`).
 */
export function isLookedAt(code: string, name: string): boolean {
  return isSomewhere(code, name, isLook);
}

/**
 * Whether a name stands in `code` in a place of which `fits` is true: around each is looked with expressions that are
 * compiled once, where one with the name in it would be compiled anew for each name.
 */
export function isSomewhere(
  code: string,
  name: string,
  fits: (code: string, start: number, end: number) => boolean,
): boolean {
  for (let at = code.indexOf(name); at !== -1 && at < code.length; at = code.indexOf(name, at + 1)) {
    if (fits(code, at, at + name.length)) return true;
  }
  return false;
}

/** Whether a sticky expression matches at an offset. */
export function matchesAt(pattern: RegExp, code: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(code);
}

/** At the start of a name that is no member of another. */
export const FREE = /(?<![\w.])/y;

// What may stand before a name, or after it, where it is looked at.
const BOUNDARY = /\b/y;
const VALUE = String.raw`(?:\.len\(\))?(?:\s*as\s+\w+)?`;
const LOOKED_AT = new RegExp(
  String.raw`${VALUE}\)?\s*${COMPARISON}|${VALUE}\.(?:${BRANCHING})\b|${VALUE}\s*%|${VALUE}\s*\.\.`,
  'y',
);
const LOOKS_AT = new RegExp(
  `(?<=${[
    String.raw`\b(?:assert|debug_assert|\w*(?:check|ensure|bound))\w*!\([^;]{0,200}`,
    String.raw`\b(?:match|while|if)\s+[^{;]{0,80}`,
    String.raw`\b(?:min|max)\([^()]{0,80}`,
    String.raw`\.\.=?\s*`,
  ].join('|')})`,
  'y',
);
const COMPARES = new RegExp(String.raw`(?<=(?:^|[^-=])${COMPARISON}\s*\(?&?\*?)`, 'y');
const UNCALLED = new RegExp(String.raw`${VALUE}(?!\s*[>(])`, 'y');
const AFTER_FOR = /(?<=\bfor\s+[^;{]{0,60}\b)/y;
const BEFORE_IN = /[^;{]{0,60}\s+in\b/y;
const AFTER_BAR = /(?<=\|[^|]{0,40}\b)/y;
const BEFORE_BAR = /[^|]{0,40}\|/y;

function isLook(code: string, start: number, end: number): boolean {
  if (!matchesAt(BOUNDARY, code, end)) return false;
  if (isDrawn(code, start, end)) return true;
  if (!matchesAt(FREE, code, start)) return false;
  if (matchesAt(LOOKED_AT, code, end) || matchesAt(LOOKS_AT, code, start)) return true;
  return matchesAt(COMPARES, code, start) && matchesAt(UNCALLED, code, end);
}

/** Whether it is drawn from something: by a `for`, or as what a closure is given. */
function isDrawn(code: string, start: number, end: number): boolean {
  if (matchesAt(AFTER_FOR, code, start) && matchesAt(BEFORE_IN, code, end)) return true;
  return matchesAt(AFTER_BAR, code, start) && matchesAt(BEFORE_BAR, code, end);
}
