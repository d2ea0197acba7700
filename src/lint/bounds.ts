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
  const path = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (!code.includes(name)) return false;
  const value = String.raw`(?<![\w.])${path}\b(?:\.len\(\))?(?:\s*as\s+\w+)?`;
  return new RegExp(
    [
      String.raw`${value}\)?\s*${COMPARISON}`,
      String.raw`(?:^|[^-=])${COMPARISON}\s*\(?&?\*?${value}(?!\s*[>(])`,
      String.raw`${value}\.(?:${BRANCHING})\b`,
      String.raw`\b(?:assert|debug_assert|\w*(?:check|ensure|bound))\w*!\([^;]{0,200}${value}`,
      String.raw`\bfor\s+[^;{]{0,60}\b${path}\b[^;{]{0,60}\s+in\b`,
      String.raw`\b(?:match|while|if)\s+[^{;]{0,80}${value}`,
      String.raw`\b(?:min|max)\([^()]{0,80}${value}`,
      String.raw`${value}\s*%`,
      String.raw`\.\.=?\s*${value}|${value}\s*\.\.`,
      String.raw`\|[^|]{0,40}\b${path}\b[^|]{0,40}\|`,
    ].join('|'),
  ).test(code);
}
