import type { Draft } from './draft.ts';
import { addComment } from './expressions.ts';
import * as FLAG from './flags.ts';
import { pushItem, scopeAround } from './items.ts';
import { groupsOf } from './groups.ts';
import type { Group } from './groups.ts';
import { A, N, isComment, isItem } from './kinds.ts';
import { collapse, joinPath, macroName } from './names.ts';
import type { Walk } from './scope.ts';
import { childOf, lastChild, mark } from './table.ts';
import type { NodeTable } from './table.ts';

/** Macros in macros beyond this are left as they are: each level parses its text once more. */
const DEEPEST_MACRO = 8;

/** Macros whose bodies are tests. */
const TEST_MACROS = new Set(['proptest', 'quickcheck']);

/**
 * Records the macro call of a statement that stands where items stand; false where it is none. Its token
 * tree is marked, so that the walk tries to split it when it comes there.
 */
export function openMacroCall(walk: Walk, node: number): boolean {
  const { table, text } = walk;
  const attributed = childOf(table, node, N.expression_with_attribute);
  const around = attributed === -1 ? node : attributed;
  const call = childOf(table, around, N.macro_invocation);
  if (call === -1) return false;
  const tokens = lastChild(table, call);
  const head = table.start[call] as number;
  const after = table.next[node] as number;
  const closed = table.kind[node] === N.macro_invocation_item && after < table.count;
  const name = macroName(walk, call);
  const outer = scopeAround(walk);
  const { item } = pushItem(walk, node, {
    kind: 'macro',
    naming: { name, path: joinPath(outer, `${name}!`), scope: outer },
    attributes: childOf(table, around, N.attributes),
    visibility: '',
    signature: collapse(text.slice(head, table.start[tokens])),
    head,
    end: table.end[closed && table.kind[after] === N.empty_statement ? after : node] as number,
    body: { start: table.start[tokens] as number, end: table.end[tokens] as number },
    container: false,
    weight: 'unit',
    unsafe: false,
    async: false,
    counters: null,
  });
  item.test ||= TEST_MACROS.has(name);
  mark(table, tokens, FLAG.split);
  return true;
}

/**
 * Splits a macro's body into items where it reads as such: the macro becomes a container, and `walkItems`
 * is called for each part. Otherwise false: its tokens are all that is known.
 */
export function splitMacro(walk: Walk, tokens: number, walkItems: (table: NodeTable) => void): boolean {
  const { items, table, macroDepth } = walk;
  const draft = items[walk.item] as Draft;
  const groups = macroDepth < DEEPEST_MACRO ? groupsOf(walk, tokens, draft.item.name) : [];
  const tables: NodeTable[] = [];
  for (const { start, end } of groups) {
    const parsed = walk.parseItems(start, end);
    if (parsed === null) break;
    tables.push(parsed);
  }
  const split = tables.length === groups.length && tables.some(holdsItems);
  if (split) {
    draft.container = true;
    draft.weight = 'unit-if-alone';
    const { test } = draft.item;
    walkGroups(walk, tokens, groups, (index) => {
      draft.item.test = test || (groups[index] as Group).test;
      walkItems(tables[index] as NodeTable);
    });
    draft.item.test = test;
  } else if (holdsFunction(table, tokens)) {
    walk.diagnostics.push({
      kind: 'macro-body-unparsed',
      message: `functions in \`${draft.item.name}!\` are not measured: its body does not read as items`,
      start: draft.item.head,
      end: table.start[tokens] as number,
    });
  }
  tables.forEach(walk.release);
  return split;
}

/** Calls `walkGroup` for each part, and records the comments between parts, in order. */
function walkGroups(
  walk: Walk,
  tokens: number,
  groups: readonly Group[],
  walkGroup: (index: number) => void,
): void {
  const { table } = walk;
  if (groups[0]?.start === (table.start[tokens] as number) + 1) {
    walkGroup(0);
    return;
  }
  const end = table.next[tokens] as number;
  let index = 0;
  for (let child = tokens + 1; child < end; child = table.next[child] as number) {
    if (isComment(table.kind[child] as number)) addComment(walk, child);
    else if (groups[index]?.start === (table.start[child] as number) + 1) walkGroup(index++);
  }
}

/** Whether a text that was parsed by itself is a list of items, however empty. */
export function readsAsItems(table: NodeTable): boolean {
  if (((table.flags[0] as number) & FLAG.error) !== 0) return false;
  const end = table.next[0] as number;
  for (let child = 1; child < end; child = table.next[child] as number) {
    const kind = table.kind[child] as number;
    if (isItem(kind) || isComment(kind) || kind === N.inner_attribute_item || kind === N.empty_statement)
      continue;
    if (kind !== N.expression_statement || !isMacroCall(table, child)) return false;
  }
  return true;
}

function isMacroCall(table: NodeTable, statement: number): boolean {
  const attributed = childOf(table, statement, N.expression_with_attribute);
  return childOf(table, attributed === -1 ? statement : attributed, N.macro_invocation) !== -1;
}

function holdsItems(table: NodeTable): boolean {
  const end = table.next[0] as number;
  for (let child = 1; child < end; child = table.next[child] as number) {
    const kind = table.kind[child] as number;
    if (isItem(kind) || kind === N.expression_statement) return true;
  }
  return false;
}

function holdsFunction({ kind, next }: NodeTable, tokens: number): boolean {
  const end = next[tokens] as number;
  for (let at = tokens + 1; at < end; at += 1) {
    if (kind[at] === A.fn && kind[at + 1] === N.identifier) return true;
  }
  return false;
}
