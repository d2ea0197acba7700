/**
 * The visible nodes of one tree in preorder, as plain arrays: the children of node `i` begin at `i + 1`,
 * the next sibling of `c` is `next[c]`, and `next[i]` ends the subtree. No tree is needed to read it.
 */
export interface NodeTable {
  /** A code of `kinds.ts`. */
  readonly kind: Uint8Array;
  /** UTF-16 offsets into the file. */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly next: Uint32Array;
  /** Bits of `flags.ts`. */
  readonly flags: Uint8Array;
  count: number;
}

export function newTable(capacity: number): NodeTable {
  return {
    kind: new Uint8Array(capacity),
    start: new Uint32Array(capacity),
    end: new Uint32Array(capacity),
    next: new Uint32Array(capacity),
    flags: new Uint8Array(capacity),
    count: 0,
  };
}

/** The table, or a new one where it has no room for `count` nodes. */
export function roomFor(table: NodeTable, count: number): NodeTable {
  return table.kind.length < count ? newTable(Math.ceil(count * 1.5)) : table;
}

/** First child of `node` whose kind is `kind`, or -1. */
export function childOf(table: NodeTable, node: number, kind: number): number {
  const end = table.next[node] as number;
  for (let child = node + 1; child < end; child = table.next[child] as number) {
    if (table.kind[child] === kind) return child;
  }
  return -1;
}

/** Last child of `node`, or -1. */
export function lastChild(table: NodeTable, node: number): number {
  const end = table.next[node] as number;
  let last = -1;
  for (let child = node + 1; child < end; child = table.next[child] as number) last = child;
  return last;
}

/** Leaves a mark on a node for when the walk comes there. */
export function mark(table: NodeTable, node: number, flag: number): void {
  table.flags[node] = (table.flags[node] as number) | flag;
}
