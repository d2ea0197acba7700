/**
 * What is done with a node, by its kind. Called through tables, so that each is compiled by itself: where the walk's loop
 * held them all, the first node of a rare kind threw the whole of it away.
 */
import { countClosure, countGuard, countIf, countLoop, countMatch } from './complexity.ts';
import {
  addComment,
  addDereference,
  addFunctionType,
  addJump,
  addString,
  openCall,
  openLet,
  openMacro,
} from './expressions.ts';
import { openError } from './faults.ts';
import { openItem } from './items.ts';
import { A, ERROR, N } from './kinds.ts';
import { countLogic, logicalOperator } from './logic.ts';
import { openMacroCall } from './macros.ts';
import { atItemLevel, openSite } from './scope.ts';
import type { Walk } from './scope.ts';
import type { SiteKind } from '../types/syntax.ts';
import { addAwaitToken, addNamedToken, addPatternToken, addUnsafeToken, openPattern } from './tokens.ts';

export type Visitor = (walk: Walk, node: number) => void;

/** By kind of node, what is done with it where expressions stand. */
export const IN_CODE = inCode();
/** As `IN_CODE`, where bare tokens stand. */
export const IN_TOKENS = inTokens();

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
  table[N.token_tree_pattern] = openPattern;
  table[N.token_repetition_pattern] = openPattern;
  table[A.unsafe] = addPatternToken;
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

/** A statement that may be a macro call where items stand. */
function visitStatement(walk: Walk, node: number): void {
  if (atItemLevel(walk)) openMacroCall(walk, node);
}
