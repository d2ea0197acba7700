import { marksTest } from './attributes.ts';
import { countClosure, countGuard, countIf, countLoop, countMatch, deepen } from './complexity.ts';
import type { Draft } from './draft.ts';
import { addComment, addJump, addQuotes, addString, openCall, openLet, openMacro } from './expressions.ts';
import { addMissing, openError } from './faults.ts';
import { openItem } from './items.ts';
import { A, ERROR, N, isComment, isItem } from './kinds.ts';
import { countLogic, logicalOperator } from './logic.ts';
import { openMacroCall, splitMacro } from './macros.ts';
import { atItemLevel, enter, leave, openSite, textOf } from './scope.ts';
import type { Walk } from './scope.ts';
import { FLAG } from './table.ts';
import type { NodeTable } from './table.ts';
import { addAwaitToken, addNamedToken, addUnsafeToken } from './tokens.ts';

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
  const { table } = walk;
  const flags = table.flags[node] as number;
  if ((flags & (FLAG.nests | FLAG.nestsThinking)) !== 0) {
    enter(walk, node);
    deepen(walk, flags);
  }
  if ((flags & FLAG.missing) !== 0) addMissing(walk, node);
  else if (code === ERROR) openError(walk, node);
  else if (code === N.token_tree) return visitTokens(walk, node, flags);
  else if (walk.tokens) visitToken(walk, node, code);
  else if (code === N.attribute_item || code === N.inner_attribute_item)
    return visitAttribute(walk, node, code);
  else if (isItem(code) || code === N.expression_statement) visitItem(walk, node, code);
  else visitExpression(walk, node, code);
  return node + 1;
}

function visitItem(walk: Walk, node: number, code: number): void {
  if (code !== N.macro_invocation_item && code !== N.expression_statement) openItem(walk, node);
  else if (atItemLevel(walk)) openMacroCall(walk, node);
}

function visitExpression(walk: Walk, node: number, code: number): void {
  const { counters } = walk;
  switch (code) {
    case N.call_expression:
      return openCall(walk, node);
    case N.macro_invocation:
      return openMacro(walk, node);
    case N.block:
      return openSite(walk, 'block', node);
    case N.let_declaration:
      return openLet(walk, node);
    case N.string_literal:
    case N.raw_string_literal:
      return addString(walk, node);
    case N.if_expression:
      countIf(walk, node);
      return openSite(walk, 'if', node);
    case N.match_expression:
      countMatch(walk, node);
      return openSite(walk, 'match', node);
    case N.match_arm:
      return openSite(walk, 'match-arm', node);
    case N.match_pattern:
      return countGuard(walk, node);
    case N.while_expression:
    case N.for_expression:
      countLoop(walk, node, 1);
      return openSite(walk, 'loop', node);
    case N.loop_expression:
      countLoop(walk, node, 0);
      return openSite(walk, 'loop', node);
    case N.closure_expression:
      countClosure(walk, node);
      return openSite(walk, 'closure', node);
    case N.async_block:
      return openSite(walk, 'async-block', node);
    case N.unsafe_block:
      if (counters !== null) counters.unsafeBlocks += 1;
      return openSite(walk, 'unsafe-block', node);
    case N.try_expression:
      if (counters !== null) counters.cyclomatic += 1;
      return openSite(walk, 'try', node);
    case N.await_expression:
      if (counters !== null) counters.awaits += 1;
      return openSite(walk, 'await', node);
    case N.return_expression:
      return openSite(walk, 'return', node);
    case N.break_expression:
    case N.continue_expression:
      return addJump(walk, node);
    case N.binary_expression:
    case N.let_chain:
      if (logicalOperator(walk.table, node) === 0) return;
      countLogic(walk, node);
      return openSite(walk, 'logical', node);
    default:
      if (isComment(code)) addComment(walk, node);
  }
}

function visitTokens(walk: Walk, node: number, flags: number): number {
  const { table } = walk;
  if ((flags & FLAG.split) !== 0 && splitMacro(walk, node, (items) => walkMacro(walk, items))) {
    return table.next[node] as number;
  }
  if (walk.tokens && isAttribute(table, node)) {
    addQuotes(walk, node);
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

function visitToken(walk: Walk, node: number, code: number): void {
  if (code === N.identifier) addNamedToken(walk, node);
  else if (code === A.await) addAwaitToken(walk, node);
  else if (code === A.unsafe) addUnsafeToken(walk, node);
  else if (code === N.string_literal || code === N.raw_string_literal) addString(walk, node);
  else if (isComment(code)) addComment(walk, node);
}

function visitAttribute(walk: Walk, node: number, code: number): number {
  if (code === N.inner_attribute_item && atItemLevel(walk) && marksTest(textOf(walk, node))) {
    const around = walk.items[walk.item] as Draft | undefined;
    if (around === undefined) walk.test = true;
    else around.item.test = true;
  }
  addQuotes(walk, node);
  return walk.table.next[node] as number;
}

function interest(): Uint8Array {
  const codes = new Uint8Array(256);
  const always = [
    N.attribute_item,
    N.inner_attribute_item,
    N.block,
    N.token_tree,
    N.match_pattern,
    N.expression_statement,
    N.macro_invocation,
    N.call_expression,
    N.if_expression,
    N.match_expression,
    N.match_arm,
    N.while_expression,
    N.loop_expression,
    N.for_expression,
    N.closure_expression,
    N.async_block,
    N.unsafe_block,
    N.try_expression,
    N.await_expression,
    N.return_expression,
    N.break_expression,
    N.continue_expression,
    N.let_declaration,
    N.binary_expression,
    N.let_chain,
    N.string_literal,
    N.raw_string_literal,
    ERROR,
  ];
  for (const code of [...Object.values(N).filter((kind) => isItem(kind) || isComment(kind)), ...always]) {
    codes[code] = MATTERS;
  }
  for (const code of [N.identifier, A.await, A.unsafe]) codes[code] = MATTERS_IN_TOKENS;
  return codes;
}
