/** Licences that ask for no more than their own text to be kept, by their SPDX names. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  ...['MIT', 'MIT-0', 'APACHE-2.0', 'APACHE-2.0 WITH LLVM-EXCEPTION', 'BSD-2-CLAUSE', 'BSD-3-CLAUSE', 'ISC'],
  ...['ZLIB', '0BSD', 'UNLICENSE', 'CC0-1.0', 'BSL-1.0', 'UNICODE-DFS-2016', 'UNICODE-3.0'],
]);

/**
 * Whether a manifest's `license` lets the code be used under permissive terms alone: an SPDX expression, or Cargo's
 * older form, in which a slash stands for OR. What cannot be read is not permissive.
 */
export function isPermissive(expression: string): boolean {
  const tokens = expression
    .toUpperCase()
    .replaceAll('/', ' OR ')
    .match(/[()]|\bOR\b|\bAND\b|(?:(?!\bOR\b|\bAND\b)[^()])+/g)
    ?.map((token) => token.trim())
    .filter((token) => token !== '');
  if (tokens === undefined) return false;
  const left = [...tokens];
  const holds = either(left);
  return holds && left.length === 0;
}

function either(tokens: string[]): boolean {
  let holds = both(tokens);
  while (tokens[0] === 'OR') {
    tokens.shift();
    holds = both(tokens) || holds;
  }
  return holds;
}

function both(tokens: string[]): boolean {
  let holds = one(tokens);
  while (tokens[0] === 'AND') {
    tokens.shift();
    holds = one(tokens) && holds;
  }
  return holds;
}

function one(tokens: string[]): boolean {
  const token = tokens.shift();
  if (token !== '(') return token !== undefined && PERMISSIVE.has(token);
  const holds = either(tokens);
  return tokens.shift() === ')' && holds;
}
