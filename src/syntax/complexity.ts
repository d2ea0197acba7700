/**
 * Complexity of functions, counted while the file is walked.
 *
 * **Cognitive** (G. Ann Campbell, "Cognitive Complexity", SonarSource 2018). `if`, `match`, `while`, `for`,
 * `loop` and the `else` of a `let` add 1 and 1 more for each level of nesting around them; `else`,
 * `else if`, a jump to a label, a sequence of like logical operators (parentheses looked through, a
 * negation begins anew) and direct recursion add 1. The bodies of those structures and of closures are
 * one level deeper, their conditions are not. `?` and match guards add nothing, as the paper has early
 * returns add nothing.
 *
 * **Cyclomatic** (T. J. McCabe, "A Complexity Measure", 1976): 1 + decisions, that is the edges by which
 * control can leave a straight line: `if`, `else if`, `let … else`, `while` and `for` 1 each, a `match` of
 * n arms n - 1, a guard 1, `&&` and `||` 1 each, `?` 1, since it returns or goes on. A bare `loop`
 * decides nothing.
 *
 * Closures count in the function that holds them, nested functions by themselves. What stands in the
 * arguments of a macro is tokens to the grammar: its branches are not counted.
 */
import type { Counters } from './draft.ts';
import * as FLAG from './flags.ts';
import { A, N } from './kinds.ts';
import { childOf, lastChild, mark } from './table.ts';
import type { NodeTable } from './table.ts';
import type { Walk } from './scope.ts';

/** Counters of a function whose parameters are the node `parameters`; `self` is one of them. */
export function newCounters(table: NodeTable, parameters: number): Counters {
  let count = 0;
  const end = parameters === -1 ? 0 : (table.next[parameters] as number);
  for (let child = parameters + 1; child < end; child = table.next[child] as number) {
    const kind = table.kind[child];
    if (kind === N.parameter || kind === N.self_parameter || kind === N.variadic_parameter) count += 1;
  }
  return {
    cognitive: 0,
    cyclomatic: 1,
    lines: 0,
    parameters: count,
    nesting: 0,
    unsafeBlocks: 0,
    unwraps: 0,
    expects: 0,
    panics: 0,
    awaits: 0,
  };
}

/** Counts an `if`, and marks what of it is nested. */
export function countIf({ table, counters, thinking }: Walk, node: number): void {
  const end = table.next[node] as number;
  let consequence = -1;
  for (let child = node + 1; child < end; child = table.next[child] as number) {
    if (table.kind[child] === N.block) consequence = child;
    else if (table.kind[child] === N.else_clause) markElse(table, child, counters);
  }
  if (consequence !== -1) mark(table, consequence, FLAG.nests);
  if (counters === null) return;
  const chained = ((table.flags[node] as number) & FLAG.elseIf) !== 0;
  counters.cognitive += chained ? 1 : 1 + thinking;
  counters.cyclomatic += 1;
}

/** Counts a loop; `decides` is false for one without a condition. */
export function countLoop(walk: Walk, node: number, decides: 0 | 1): void {
  const { table, counters } = walk;
  const body = lastChild(table, node);
  if (body !== -1) mark(table, body, FLAG.nests);
  if (counters === null) return;
  counters.cognitive += 1 + walk.thinking;
  counters.cyclomatic += decides;
}

export function countMatch({ table, counters, thinking }: Walk, node: number): void {
  const body = childOf(table, node, N.match_block);
  if (body === -1) return;
  mark(table, body, FLAG.nests);
  if (counters === null) return;
  let arms = 0;
  const end = table.next[body] as number;
  for (let child = body + 1; child < end; child = table.next[child] as number) {
    if (table.kind[child] === N.match_arm) arms += 1;
  }
  counters.cognitive += 1 + thinking;
  counters.cyclomatic += Math.max(0, arms - 1);
}

/** Counts the guard of a match arm's pattern, if there is one. */
export function countGuard({ table, counters }: Walk, node: number): void {
  if (counters !== null && childOf(table, node, A.if) !== -1) counters.cyclomatic += 1;
}

/** Counts the `else` of a `let`, whose block is `node`. */
export function countLetElse({ table, counters, thinking }: Walk, node: number): void {
  mark(table, node, FLAG.nests);
  if (counters === null) return;
  counters.cognitive += 1 + thinking;
  counters.cyclomatic += 1;
}

/** Marks a closure's body as one level deeper to think through. */
export function countClosure({ table }: Walk, node: number): void {
  const body = lastChild(table, node);
  if (body !== -1) mark(table, body, FLAG.nestsThinking);
}

/** Goes one level deeper where a mark says so. */
export function deepen(walk: Walk, flags: number): void {
  walk.thinking += 1;
  if ((flags & FLAG.nests) === 0) return;
  walk.nesting += 1;
  if (walk.counters !== null && walk.counters.nesting < walk.nesting) walk.counters.nesting = walk.nesting;
}

function markElse(table: NodeTable, node: number, counters: Counters | null): void {
  const last = lastChild(table, node);
  if (last === -1) return;
  if (table.kind[last] === N.if_expression) {
    mark(table, last, FLAG.elseIf);
    return;
  }
  mark(table, last, FLAG.nests);
  if (counters !== null) counters.cognitive += 1;
}
