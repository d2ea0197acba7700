import * as FLAG from './flags.ts';
import { A, N, isComment } from './kinds.ts';
import type { Walk } from './scope.ts';
import { mark } from './table.ts';
import type { NodeTable } from './table.ts';

/** The `&&` or `||` of an expression as its code, 0 where its operator is another or it has none. */
export function logicalOperator(table: NodeTable, node: number): number {
  if (table.kind[node] === N.let_chain) return A['&&'];
  if (table.kind[node] !== N.binary_expression) return 0;
  const end = table.next[node] as number;
  for (let child = node + 1; child < end; child = table.next[child] as number) {
    const kind = table.kind[child] as number;
    if (kind === A['&&'] || kind === A['||']) return kind;
  }
  return 0;
}

/** Counts a logical expression: each operator decides, each run of like operators is to be thought through. */
export function countLogic({ table, counters }: Walk, node: number): void {
  if (counters === null) return;
  const end = table.next[node] as number;
  for (let child = node + 1; child < end; child = table.next[child] as number) {
    const kind = table.kind[child];
    if (kind === A['&&'] || kind === A['||']) counters.cyclomatic += 1;
  }
  if (((table.flags[node] as number) & FLAG.chained) === 0) counters.cognitive += runs(table, node);
}

/**
 * Number of runs of like operators in the sequence that begins at `root`, read from left to right;
 * the expressions below it that belong to the sequence are marked.
 */
function runs(table: NodeTable, root: number): number {
  const operators: { readonly at: number; readonly kind: number }[] = [];
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const end = table.next[node] as number;
    for (let child = node + 1; child < end; child = table.next[child] as number) {
      const kind = table.kind[child] as number;
      if (kind === A['&&'] || kind === A['||']) {
        operators.push({ at: child, kind });
        continue;
      }
      const operand = unwrapped(table, child);
      if (logicalOperator(table, operand) === 0) continue;
      mark(table, operand, FLAG.chained);
      open.push(operand);
    }
  }
  operators.sort((one, other) => one.at - other.at);
  return operators.reduce((sum, { kind }, index) => sum + (operators[index - 1]?.kind === kind ? 0 : 1), 0);
}

/** The expression in however many parentheses; -1 where there is none. */
function unwrapped(table: NodeTable, node: number): number {
  let at = node;
  while (table.kind[at] === N.parenthesized_expression) {
    const end = table.next[at] as number;
    let inner = at + 1;
    while (inner < end && (table.kind[inner] === A['('] || isComment(table.kind[inner] as number))) {
      inner = table.next[inner] as number;
    }
    if (inner >= end) return -1;
    at = inner;
  }
  return at;
}
