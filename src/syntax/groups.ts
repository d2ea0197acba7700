import { marksTest } from './attributes.ts';
import { A, N, isComment } from './kinds.ts';
import { textOf } from './scope.ts';
import type { Walk } from './scope.ts';
import type { NodeTable } from './table.ts';

/** A part of a macro's body that reads as a list of items. */
export interface Group {
  readonly start: number;
  readonly end: number;
  /** It is there under test alone. */
  readonly test: boolean;
}

/** Macros that choose one of several lists of items by a condition before `=>`. */
const SELECTING = new Set(['cfg_select', 'match_cfg']);
const ITEM_WORD = /\b(?:fn|struct|enum|union|trait|impl|mod|const|static|type|use|macro_rules)\b/;

/** The parts of a macro's body that may read as items; none where it certainly does not. */
export function groupsOf(walk: Walk, tokens: number, name: string): Group[] {
  const { table, text } = walk;
  const start = (table.start[tokens] as number) + 1;
  const end = (table.end[tokens] as number) - 1;
  if (end <= start || !ITEM_WORD.test(text.slice(start, end))) return [];
  const children = childrenOf(table, tokens);
  const branches = SELECTING.has(name) ? selectBranches(walk, children) : ifBranches(walk, children);
  return branches ?? [{ start, end, test: false }];
}

/** `if #[cfg(…)] { … } else if … else { … }`, the manner of `cfg_if!`. */
function ifBranches(walk: Walk, children: readonly number[]): Group[] | null {
  const { table } = walk;
  if (table.kind[children[0] ?? 0] !== A.if) return null;
  const groups: Group[] = [];
  let at = 0;
  for (;;) {
    const conditional = table.kind[children[at] ?? 0] === A.if;
    const condition = conditional ? textOf(walk, children[at + 2] ?? 0) : '';
    const body = children[conditional ? at + 3 : at];
    if (body === undefined || !isBraced(walk, body)) return null;
    groups.push({ ...inside(table, body), test: conditional && marksTest(`#${condition}`) });
    at += conditional ? 4 : 1;
    if (at === children.length) return groups;
    if (!conditional || textOf(walk, children[at] as number) !== 'else') return null;
    at += 1;
  }
}

/** `unix => { … } _ => { … }`, the manner of `cfg_select!` and `match_cfg!`. */
function selectBranches(walk: Walk, children: readonly number[]): Group[] | null {
  const { table } = walk;
  const groups: Group[] = [];
  children.forEach((child, index) => {
    const body = children[index + 1];
    if (table.kind[child] === A['=>'] && body !== undefined && isBraced(walk, body)) {
      groups.push({ ...inside(table, body), test: false });
    }
  });
  return groups.length === 0 ? null : groups;
}

/** The tokens and trees between a token tree's delimiters. */
function childrenOf(table: NodeTable, tokens: number): number[] {
  const children: number[] = [];
  const end = table.next[tokens] as number;
  for (let child = tokens + 1; child < end; child = table.next[child] as number) {
    if (!isComment(table.kind[child] as number)) children.push(child);
  }
  return children.slice(1, -1);
}

function isBraced({ table, text }: Walk, node: number): boolean {
  return table.kind[node] === N.token_tree && text[table.start[node] as number] === '{';
}

function inside(table: NodeTable, node: number): { readonly start: number; readonly end: number } {
  return { start: (table.start[node] as number) + 1, end: (table.end[node] as number) - 1 };
}
