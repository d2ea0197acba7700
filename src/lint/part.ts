import type { FileRole } from '../types/source.ts';
import type { Item, SyntaxFile } from '../types/syntax.ts';

/** Whether a file is no part of what others link: a test, an example, a benchmark. */
export function isTestFile(path: string, role: FileRole): boolean {
  return role === 'test' || role === 'example' || role === 'bench' || isTestPath(path);
}

const MACHINE_MADE = /@generated\b|\bdo not (?:edit|modify)\b|\bauto(?:matically|[- ]?)\s?generated\b/i;
const HEAD_COMMENTS = /(?:\s+|\/\/[^\n]*|\/\*[^]*?\*\/|#!\[[^\]\n]*\])*/y;
const HEAD = 4_000;

/** Whether a machine wrote the file, by what it says above its first item. A long file may well be someone's own. */
export function isGenerated({ text, diagnostics }: SyntaxFile): boolean {
  HEAD_COMMENTS.lastIndex = 0;
  const head = HEAD_COMMENTS.exec(text.slice(0, HEAD))?.[0] ?? '';
  return MACHINE_MADE.test(head) || diagnostics.some(({ kind }) => kind === 'long-line');
}

/** Whether the file begins a program, whatever its manifest calls it. */
export function isProgram(items: readonly Item[]): boolean {
  return items.some(({ kind, name, parent }) => kind === 'fn' && name === 'main' && parent === -1);
}

/** Modules that a `#[cfg(test)] mod tests;` elsewhere names: by their file the attribute cannot be seen. */
function isTestPath(path: string): boolean {
  return /(?:^|\/)(?:tests?|testing|test_?servers?|benches|fuzz|fuzz_targets)\/|(?:^|\/)(?:tests?|test_?(?:utils?|servers?)|testing|[\w-]+[_-]tests?|tests?_\w+)\.rs$/.test(
    path,
  );
}

/** Files that a test gives to the compiler to see it refuse them. */
export function isToBeRefused(path: string): boolean {
  return /(?:^|\/)(?:tests?\/(?:[\w-]+\/){0,4}(?:ui|trybuild)|ui[-_]tests|(?:compile|compilation|trybuild)[-_]\w+)\//.test(
    path,
  );
}
