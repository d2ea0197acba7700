import type { Range } from '../types/source.ts';
import type { ItemKind } from '../types/syntax.ts';
import { readAttributes } from './attributes.ts';
import { newCounters } from './complexity.ts';
import type { Counters, Draft } from './draft.ts';
import * as FLAG from './flags.ts';
import { A, N } from './kinds.ts';
import { collapse, nameItem, traitName } from './names.ts';
import type { Naming } from './names.ts';
import { readParts } from './parts.ts';
import type { Parts } from './parts.ts';
import { addSite, enter, openSite, textOf } from './scope.ts';
import type { Walk } from './scope.ts';
import { lastChild } from './table.ts';

/** Constants below so many characters are no units: they travel with the rest. */
const LARGE_CONSTANT = 200;
/** Up to so many characters the signature of a constant shows its value, that of a tuple struct its fields. */
const SHORT_HEAD = 200;

const KINDS: Readonly<Record<number, ItemKind>> = {
  [N.function_item]: 'fn',
  [N.function_signature_item]: 'fn',
  [N.struct_item]: 'struct',
  [N.enum_item]: 'enum',
  [N.union_item]: 'union',
  [N.trait_item]: 'trait',
  [N.impl_item]: 'impl',
  [N.mod_item]: 'mod',
  [N.foreign_mod_item]: 'extern',
  [N.const_item]: 'const',
  [N.static_item]: 'static',
  [N.type_item]: 'type',
  [N.macro_definition]: 'macro',
  [N.macro_definition_v2]: 'macro',
  [N.use_declaration]: 'use',
  [N.extern_crate_declaration]: 'extern crate',
};

/** Records the item at `node`; what lies below becomes its part. */
export function openItem(walk: Walk, node: number): void {
  const { table, text } = walk;
  const code = table.kind[node] as number;
  const kind = KINDS[code] as ItemKind;
  const parts = readParts(table, node);
  const body = bodyOf(walk, node, code, parts);
  const head = table.start[parts.head] as number;
  const end = table.end[node] as number;
  const draft = pushItem(walk, node, {
    kind,
    naming: nameItem(walk, code, parts, scopeAround(walk)),
    attributes: parts.attributes,
    visibility: parts.visibility === -1 ? '' : textOf(walk, parts.visibility),
    signature: collapse(text.slice(head, signatureEnd(walk, kind, parts, body, end))),
    head,
    end,
    body,
    container: body !== null && (kind === 'mod' || kind === 'impl' || kind === 'trait' || kind === 'extern'),
    weight: weightOf(kind, body, end - head),
    unsafe: parts.unsafe,
    async: parts.async,
    counters: code === N.function_item ? newCounters(table, parts.parameters) : null,
  });
  if (code === N.function_item) openSite(walk, 'fn', node);
  else if (code === N.static_item && parts.mutable) itemSite(walk, 'static-mut', draft, draft.item.name);
  else if (code === N.impl_item && parts.unsafe) itemSite(walk, 'unsafe-impl', draft, traitName(walk, parts));
}

/** What tells one kind of item from another when it is recorded. */
export interface NewItem {
  readonly kind: ItemKind;
  readonly naming: Naming;
  /** Nodes of the walk's table; -1 for none. */
  readonly attributes: number;
  readonly visibility: string;
  readonly signature: string;
  readonly head: number;
  readonly end: number;
  readonly body: Range | null;
  readonly container: boolean;
  readonly weight: Draft['weight'];
  readonly unsafe: boolean;
  readonly async: boolean;
  readonly counters: Counters | null;
}

/** Records an item and enters it. */
export function pushItem(walk: Walk, node: number, given: NewItem): Draft {
  const { table, lines, items } = walk;
  const around = walk.item === -1 ? undefined : items[walk.item];
  const { doc, attributes, test } = readAttributes(table, given.attributes, walk.text);
  const draft: Draft = {
    item: {
      kind: given.kind,
      name: given.naming.name,
      path: given.naming.path,
      visibility: given.visibility,
      signature: given.signature,
      doc,
      attributes,
      start: table.start[node] as number,
      end: given.end,
      head: given.head,
      body: given.body,
      startLine: lines.line(given.head),
      endLine: lines.line(Math.max(given.head, given.end - 1)),
      unsafe: given.unsafe,
      async: given.async,
      test: test || (around === undefined ? walk.test : around.item.test),
      parent: walk.item,
      unit: false,
      broken: ((table.flags[node] as number) & FLAG.error) !== 0,
      metrics: null,
    },
    container: given.container,
    open: around === undefined || (around.open && around.container),
    weight: given.weight,
    scope: given.naming.scope,
    counters: given.counters,
    recursive: false,
  };
  enter(walk, node);
  walk.item = items.push(draft) - 1;
  walk.counters = given.counters;
  walk.nesting = 0;
  walk.thinking = 0;
  return draft;
}

/** Path of the item around this place, as its members use it. */
export function scopeAround({ items, item }: Walk): string {
  return item === -1 ? '' : (items[item] as Draft).scope;
}

function itemSite(walk: Walk, kind: 'static-mut' | 'unsafe-impl', { item }: Draft, name: string): void {
  addSite(walk, kind, item.start, item.end, name);
  walk.site = walk.sites.length - 1;
}

function bodyOf({ table, text }: Walk, node: number, code: number, parts: Parts): Range | null {
  if (code === N.const_item || code === N.static_item || code === N.type_item) return null;
  if (parts.body !== -1) {
    return { start: table.start[parts.body] as number, end: table.end[parts.body] as number };
  }
  if ((code !== N.macro_definition && code !== N.macro_definition_v2) || parts.name === -1) return null;
  const last = lastChild(table, node);
  const end = table.kind[last] === A[';'] ? table.start[last] : table.end[last];
  const start = table.start[parts.name + 1] as number;
  return /[([{]/.test(text[start] as string) ? { start, end: end as number } : null;
}

function signatureEnd(
  { table, text }: Walk,
  kind: ItemKind,
  parts: Parts,
  body: Range | null,
  end: number,
): number {
  const written = text[end - 1] === ';' ? end - 1 : end;
  const head = table.start[parts.head] as number;
  const constant = kind === 'const' || kind === 'static';
  if (constant && parts.equals !== -1 && end - head > SHORT_HEAD) return table.start[parts.equals] as number;
  const tuple =
    kind === 'struct' && parts.body !== -1 && table.kind[parts.body] === N.ordered_field_declaration_list;
  return body === null || (tuple && end - head <= SHORT_HEAD) ? written : body.start;
}

function weightOf(kind: ItemKind, body: Range | null, length: number): Draft['weight'] {
  switch (kind) {
    case 'struct':
    case 'enum':
    case 'union':
    case 'macro':
      return 'unit';
    case 'fn':
      return body === null ? 'rest' : 'unit';
    case 'const':
    case 'static':
      return length >= LARGE_CONSTANT ? 'unit' : 'rest';
    case 'trait':
    case 'impl':
      return body === null ? 'rest' : 'unit-if-alone';
    case 'mod':
    case 'extern':
    case 'type':
    case 'use':
    case 'extern crate':
      return 'rest';
  }
}
