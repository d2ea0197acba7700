import { marksTest } from './attributes.ts';
import { countClosure, countGuard, countIf, countLoop, countMatch, deepen } from './complexity.ts';
import type { Draft } from './draft.ts';
import {
  addAttributeTokens,
  addComment,
  addDereference,
  addFunctionType,
  addJump,
  addString,
  openCall,
  openLet,
  openMacro,
} from './expressions.ts';
import { addMissing, openError } from './faults.ts';
import * as FLAG from './flags.ts';
import { openItem } from './items.ts';
import { A, ERROR, N } from './kinds.ts';
import { countLogic, logicalOperator } from './logic.ts';
import { openMacroCall, splitMacro } from './macros.ts';
import { atItemLevel, enter, leave, openSite, textOf } from './scope.ts';
import type { Walk } from './scope.ts';
import type { NodeTable } from './table.ts';
import type { SiteKind } from '../types/syntax.ts';
import { addAwaitToken, addNamedToken, addPatternTokens, addUnsafeToken } from './tokens.ts';

/** By kind of node, what is done with it where expressions stand, and where bare tokens do. */
const IN_CODE = inCode();
const IN_TOKENS = inTokens();

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
  if (code === N.token_tree) return visitTokens(walk, node, flags);
  if (!walk.tokens && (code === N.attribute_item || code === N.inner_attribute_item))
    return visitAttribute(walk, node, code);
  const visitor = visitorOf(walk, code, flags);
  if (visitor !== undefined) visitor(walk, node);
  return node + 1;
}

function visitorOf({ tokens }: Walk, code: number, flags: number): Visitor | undefined {
  if ((flags & FLAG.missing) !== 0) return addMissing;
  return tokens ? IN_TOKENS[code] : IN_CODE[code];
}

/** A statement that may be a macro call where items stand. */
function visitStatement(walk: Walk, node: number): void {
  if (atItemLevel(walk)) openMacroCall(walk, node);
}

type Visitor = (walk: Walk, node: number) => void;

/** Opens a site, and counts what `count` does before it. */
function site(kind: SiteKind, count?: Visitor): Visitor {
  if (count === undefined) return (walk, node) => openSite(walk, kind, node);
  return (walk, node) => {
    count(walk, node);
    openSite(walk, kind, node);
  };
}

function inCode(): readonly (Visitor | undefined)[] {
  const table = noVisitors();
  for (let item = N.function_item; item <= N.extern_crate_declaration; item += 1) table[item] = openItem;
  table[N.macro_invocation_item] = visitStatement;
  table[N.expression_statement] = visitStatement;
  table[N.call_expression] = openCall;
  table[N.macro_invocation] = openMacro;
  table[N.let_declaration] = openLet;
  table[N.match_pattern] = countGuard;
  table[N.break_expression] = addJump;
  table[N.continue_expression] = addJump;
  table[N.unary_expression] = addDereference;
  table[N.function_type] = addFunctionType;
  table[N.token_tree_pattern] = addPatternTokens;
  table[N.token_repetition_pattern] = addPatternTokens;
  table[N.block] = site('block');
  table[N.match_arm] = site('match-arm');
  table[N.async_block] = site('async-block');
  table[N.return_expression] = site('return');
  table[N.if_expression] = site('if', countIf);
  table[N.match_expression] = site('match', countMatch);
  table[N.closure_expression] = site('closure', countClosure);
  table[N.while_expression] = site('loop', (walk, node) => countLoop(walk, node, 1));
  table[N.for_expression] = table[N.while_expression];
  table[N.loop_expression] = site('loop', (walk, node) => countLoop(walk, node, 0));
  table[N.unsafe_block] = site('unsafe-block', ({ counters }) => {
    if (counters !== null) counters.unsafeBlocks += 1;
  });
  table[N.try_expression] = site('try', ({ counters }) => {
    if (counters !== null) counters.cyclomatic += 1;
  });
  table[N.await_expression] = site('await', ({ counters }) => {
    if (counters !== null) counters.awaits += 1;
  });
  table[N.binary_expression] = visitLogic;
  table[N.let_chain] = visitLogic;
  return table;
}

function inTokens(): readonly (Visitor | undefined)[] {
  const table = noVisitors();
  table[N.identifier] = addNamedToken;
  table[A.await] = addAwaitToken;
  table[A.unsafe] = addUnsafeToken;
  return table;
}

/** None but those of what stands anywhere: strings, comments, errors. */
function noVisitors(): (Visitor | undefined)[] {
  const table: (Visitor | undefined)[] = new Array<undefined>(256).fill(undefined);
  for (let kind = N.line_outer_doc_comment; kind <= N.block_comment; kind += 1) table[kind] = addComment;
  table[N.string_literal] = addString;
  table[N.raw_string_literal] = addString;
  table[ERROR] = openError;
  return table;
}

function visitLogic(walk: Walk, node: number): void {
  if (logicalOperator(walk.table, node) === 0) return;
  countLogic(walk, node);
  openSite(walk, 'logical', node);
}

function visitTokens(walk: Walk, node: number, flags: number): number {
  const { table } = walk;
  if ((flags & FLAG.split) !== 0 && splitMacro(walk, node, (items) => walkMacro(walk, items))) {
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

function visitAttribute(walk: Walk, node: number, code: number): number {
  if (code === N.inner_attribute_item && atItemLevel(walk) && marksTest(textOf(walk, node))) {
    const around = walk.items[walk.item] as Draft | undefined;
    if (around === undefined) walk.test = true;
    else around.item.test = true;
  }
  addAttributeTokens(walk, node);
  return walk.table.next[node] as number;
}

function interest(): Uint8Array {
  const codes = Uint8Array.from(IN_CODE, (visitor, code) => {
    if (visitor !== undefined) return MATTERS;
    return IN_TOKENS[code] === undefined ? 0 : MATTERS_IN_TOKENS;
  });
  for (const code of [N.attribute_item, N.inner_attribute_item, N.token_tree]) codes[code] = MATTERS;
  return codes;
}
