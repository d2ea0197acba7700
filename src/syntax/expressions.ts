import { countLetElse } from './complexity.ts';
import type { Draft } from './draft.ts';
import { A, N, isComment } from './kinds.ts';
import { beforeBreaks, macroName } from './names.ts';
import { addSite, openSite, textOf } from './scope.ts';
import type { Walk } from './scope.ts';
import { childOf, lastChild } from './table.ts';

const PANICS = new Set(['panic', 'unreachable', 'todo', 'unimplemented']);

/** Records a call and counts what it may be: an `unwrap`, an `expect`, a recursion. */
export function openCall(walk: Walk, node: number): void {
  const { table } = walk;
  const callee = node + 1;
  const name = calleeName(walk, callee);
  countCall(walk, name, receiverIsSelf(walk, callee));
  if (walk.counters !== null && name !== '') noteRecursion(walk, callee, name);
  const list = lastChild(table, node);
  openSite(walk, 'call', node, name, table.start[list]);
}

/**
 * `.unwrap()` and `Option::unwrap(x)` alike; an `expect` of the receiver `self` is a parser's own
 * method far more often than `Option`'s.
 */
export function countCall({ counters }: Walk, name: string, ofSelf: boolean): void {
  if (counters === null) return;
  if (name === 'unwrap') counters.unwraps += 1;
  else if (name === 'expect' && !ofSelf) counters.expects += 1;
}

export function openMacro(walk: Walk, node: number): void {
  const name = macroName(walk, node);
  countMacro(walk, name);
  openSite(walk, 'macro', node, name, walk.table.start[lastChild(walk.table, node)]);
}

export function countMacro({ counters }: Walk, name: string): void {
  if (counters !== null && PANICS.has(name)) counters.panics += 1;
}

/** Records a `let`, as `discard` where its pattern is `_` and it has a value. */
export function openLet(walk: Walk, node: number): void {
  const { table } = walk;
  const end = table.next[node] as number;
  let pattern = -1;
  let value = -1;
  let alternative = -1;
  let after = 0;
  for (let child = node + 1; child < end; child = table.next[child] as number) {
    const kind = table.kind[child] as number;
    if (isComment(kind)) continue;
    if (kind === A.let || kind === A['='] || kind === A.else) after = kind;
    else if (after === A.let && pattern === -1 && kind !== N.mutable_specifier) pattern = child;
    else if (after === A['='] && value === -1) value = child;
    else if (after === A.else && kind === N.block) alternative = child;
  }
  const discards = value !== -1 && pattern !== -1 && table.kind[pattern] === A._;
  if (alternative !== -1) countLetElse(walk, alternative);
  const name = pattern === -1 || discards ? '' : textOf(walk, pattern);
  openSite(walk, discards ? 'discard' : 'let', node, name, value === -1 ? -1 : table.start[value]);
}

/** Records a `break` or `continue` that names a label. */
export function addJump(walk: Walk, node: number): void {
  const { table, counters } = walk;
  const label = childOf(table, node, N.label);
  if (label === -1) return;
  openSite(walk, 'jump', node, textOf(walk, label));
  if (counters !== null) counters.cognitive += 1;
}

/** Records a string literal, with its quotes. */
export function addString(walk: Walk, node: number): void {
  addSite(walk, 'string', walk.table.start[node] as number, walk.table.end[node] as number);
}

/** Records a comment, without the line break that the grammar counts to a line of documentation. */
export function addComment(walk: Walk, node: number): void {
  const { table, text } = walk;
  const start = table.start[node] as number;
  addSite(walk, 'comment', start, beforeBreaks(text, start, table.end[node] as number));
}

/** Records a `*x`. */
export function addDereference(walk: Walk, node: number): void {
  const { table } = walk;
  if (table.kind[node + 1] !== A['*']) return;
  addSite(walk, 'dereference', table.start[node] as number, table.end[node] as number);
}

/** Records the type of a pointer to an unsafe function. */
export function addFunctionType(walk: Walk, node: number): void {
  const { table } = walk;
  const modifiers = childOf(table, node, N.function_modifiers);
  if (modifiers === -1 || childOf(table, modifiers, A.unsafe) === -1) return;
  addSite(walk, 'unsafe-fn-type', table.start[node] as number, table.end[node] as number);
}

/** Records what of an attribute's tokens is of interest: strings, comments, `unsafe(…)`. */
export function addAttributeTokens(walk: Walk, node: number): void {
  const { table } = walk;
  const end = table.next[node] as number;
  for (let at = node + 1; at < end; at += 1) {
    const kind = table.kind[at] as number;
    if (kind === N.string_literal || kind === N.raw_string_literal) addString(walk, at);
    else if (isComment(kind)) addComment(walk, at);
    else if (kind === A.unsafe || isUnsafeName(walk, at)) addUnsafeAttribute(walk, at);
  }
}

/** The grammar takes the first word of an attribute for a name, whatever it is. */
function isUnsafeName(walk: Walk, node: number): boolean {
  const { kind, start, end } = walk.table;
  if (kind[node] !== N.identifier || (end[node] as number) - (start[node] as number) !== 6) return false;
  return textOf(walk, node) === 'unsafe';
}

function addUnsafeAttribute(walk: Walk, node: number): void {
  const { table } = walk;
  const tokens = node + 1;
  const written = tokens < table.count && table.kind[tokens] === N.token_tree ? textOf(walk, tokens) : '';
  const name = /^\(\s*([\w:]+)/.exec(written)?.[1] ?? '';
  addSite(walk, 'unsafe-attribute', table.start[node] as number, table.end[node] as number, name);
}

/** Last segment of what is called, `''` where it is no name. */
function calleeName(walk: Walk, callee: number): string {
  const { table } = walk;
  let at = callee;
  while (table.kind[at] === N.generic_function) at += 1;
  const kind = table.kind[at];
  if (kind === N.identifier) return textOf(walk, at);
  if (kind === N.field_expression || kind === N.scoped_identifier) return textOf(walk, lastChild(table, at));
  return '';
}

function receiverIsSelf({ table }: Walk, callee: number): boolean {
  return table.kind[callee] === N.field_expression && table.kind[callee + 1] === N.self;
}

/**
 * Marks the function around as calling itself, where the call does: `name(…)` in a free function,
 * `self.name(…)` and `Self::name(…)` in a method. Longer cycles are not looked for.
 */
function noteRecursion(walk: Walk, callee: number, name: string): void {
  const { table, items, item } = walk;
  const around = items[item] as Draft;
  if (around.item.name !== name || around.counters !== walk.counters) return;
  const parent = around.item.parent === -1 ? null : (items[around.item.parent] as Draft).item.kind;
  const kind = table.kind[callee];
  if (parent !== 'impl' && parent !== 'trait') around.recursive ||= kind === N.identifier;
  else if (kind === N.scoped_identifier) around.recursive ||= textOf(walk, callee + 1) === 'Self';
  else around.recursive ||= receiverIsSelf(walk, callee);
}
