import type { ItemKind } from '../types/syntax.ts';
import { printable } from '../util/printable.ts';

export interface OutlineItem {
  readonly kind: ItemKind;
  readonly name: string;
  readonly path: string;
  readonly visibility: string;
  readonly signature: string;
  readonly unsafe: boolean;
  readonly async: boolean;
  readonly test: boolean;
  readonly startLine: number;
  readonly endLine: number;
  readonly children: readonly OutlineItem[];
}

export interface OutlineFile {
  /** Of the repository, absolute. */
  readonly root: string;
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly items: readonly OutlineItem[];
  /** The first thing that did not parse, or why the file was left out; absent where all is well. */
  readonly problem?: string;
}

/** Each file's items with their lines, nested ones indented. Of several repositories each file is named in full. */
export function outlineText(files: readonly OutlineFile[]): string {
  const several = new Set(files.map(({ root }) => root)).size > 1;
  return files
    .map(({ root, path: inside, items, problem }) => {
      const path = several ? `${root}/${inside}` : inside;
      const lines = items.flatMap((item) => itemLines(item, 0));
      const note = problem === undefined ? [] : [`  note: ${printable(problem)}`];
      return `${[printable(path), ...note, ...lines].join('\n')}\n`;
    })
    .join('\n');
}

function itemLines(item: OutlineItem, depth: number): string[] {
  const lines = `${item.startLine}-${item.endLine}`.padEnd(11);
  const own = `  ${lines} ${'  '.repeat(depth)}${printable(item.signature)}`;
  return [own, ...item.children.flatMap((child) => itemLines(child, depth + 1))];
}
