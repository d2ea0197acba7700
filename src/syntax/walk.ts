import { marksTest } from './attributes.ts';
import { deepen } from './complexity.ts';
import type { Draft } from './draft.ts';
import { addAttributeTokens } from './expressions.ts';
import { addMissing } from './faults.ts';
import * as FLAG from './flags.ts';
import { A, N } from './kinds.ts';
import { splitMacro } from './macros.ts';
import { atItemLevel, enter, leave, textOf } from './scope.ts';
import type { Walk } from './scope.ts';
import type { NodeTable } from './table.ts';
import { IN_CODE, IN_TOKENS } from './visitors.ts';
import type { Visitor } from './visitors.ts';

/** By kind of node, what may go on elsewhere than at the next one: it gives the index of that. */
const PASSING: (((walk: Walk, node: number) => number) | undefined)[] = new Array(256).fill(undefined);
PASSING[N.token_tree] = visitTokens;
PASSING[N.attribute_item] = visitAttribute;
PASSING[N.inner_attribute_item] = visitInnerAttribute;

/** Kinds of node that `visit` has something to do with, and those that matter among bare tokens alone. */
const MATTERS = 1;
const MATTERS_IN_TOKENS = 2;
const INTEREST = interest();

/** Walks a table from its first node to its last; sites and items come in document order. */
export function walkTable(walk: Walk, table: NodeTable): void {
  const { table: outer, scopes } = walk;
  walk.table = table;
  walk.scopes = [];
  const { kind, flags, count } = table;
  for (let node = 0; node < count;) {
    const code = kind[node] as number;
    const matters = INTEREST[code] as number;
    // `tokens` may be left over from a token tree that has ended, which costs a visit and no more.
    if (flags[node] === 0 && (matters === 0 || (matters === MATTERS_IN_TOKENS && !walk.tokens))) {
      node += 1;
    } else {
      leave(walk, node);
      node = visit(walk, node, code);
    }
  }
  leave(walk, count);
  walk.table = outer;
  walk.scopes = scopes;
}

/** Handles one node; the index of the node to go on with. */
function visit(walk: Walk, node: number, code: number): number {
  const flags = walk.table.flags[node] as number;
  if ((flags & (FLAG.nests | FLAG.nestsThinking)) !== 0) {
    enter(walk, node);
    deepen(walk, flags);
  }
  const pass = PASSING[code];
  if (pass !== undefined) return pass(walk, node);
  const visitor = visitorOf(walk, code, flags);
  if (visitor !== undefined) visitor(walk, node);
  return node + 1;
}

function visitorOf({ tokens }: Walk, code: number, flags: number): Visitor | undefined {
  if ((flags & FLAG.missing) !== 0) return addMissing;
  return tokens ? IN_TOKENS[code] : IN_CODE[code];
}

function visitTokens(walk: Walk, node: number): number {
  const { table } = walk;
  if (
    ((table.flags[node] as number) & FLAG.split) !== 0 &&
    splitMacro(walk, node, (items) => walkMacro(walk, items))
  ) {
    return table.next[node] as number;
  }
  if (walk.tokens && isAttribute(table, node)) {
    addAttributeTokens(walk, node);
    return table.next[node] as number;
  }
  if (!walk.tokens) {
    enter(walk, node);
    walk.tokens = true;
  }
  return node + 1;
}

/** Whether a token tree belongs to `#[…]` or `#![…]` before it. */
function isAttribute({ kind }: NodeTable, node: number): boolean {
  return kind[node - 1] === A['#'] || (kind[node - 1] === A['!'] && kind[node - 2] === A['#']);
}

function walkMacro(walk: Walk, items: NodeTable): void {
  walk.macroDepth += 1;
  walkTable(walk, items);
  walk.macroDepth -= 1;
}

function visitAttribute(walk: Walk, node: number): number {
  if (walk.tokens) return node + 1;
  addAttributeTokens(walk, node);
  return walk.table.next[node] as number;
}

function visitInnerAttribute(walk: Walk, node: number): number {
  if (atItemLevel(walk) && marksTest(textOf(walk, node))) {
    if (walk.item === -1) walk.test = true;
    else (walk.items[walk.item] as Draft).item.test = true;
  }
  return visitAttribute(walk, node);
}

function interest(): Uint8Array {
  return Uint8Array.from(IN_CODE, (visitor, code) => {
    if (visitor !== undefined || PASSING[code] !== undefined) return MATTERS;
    return IN_TOKENS[code] === undefined ? 0 : MATTERS_IN_TOKENS;
  });
}
