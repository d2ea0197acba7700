import { A, N, isComment } from './kinds.ts';
import type { NodeTable } from './table.ts';

/** The children of an item's node by what they are; -1 where there is none. */
export interface Parts {
  attributes: number;
  visibility: number;
  name: number;
  parameters: number;
  body: number;
  equals: number;
  /** The `for` between an implementation's trait and type. */
  for: number;
  /** What follows `impl`, or `for`: a type. */
  first: number;
  last: number;
  /** First child after attributes and comments. */
  head: number;
  unsafe: boolean;
  async: boolean;
  mutable: boolean;
  negative: boolean;
}

/** Reads the children of an item's node. */
export function readParts(table: NodeTable, node: number): Parts {
  const parts: Parts = {
    attributes: -1,
    visibility: -1,
    name: -1,
    parameters: -1,
    body: -1,
    equals: -1,
    for: -1,
    first: -1,
    last: -1,
    head: -1,
    unsafe: false,
    async: false,
    mutable: false,
    negative: false,
  };
  const end = table.next[node] as number;
  for (let child = node + 1; child < end; child = table.next[child] as number) {
    const kind = table.kind[child] as number;
    if (kind === N.attributes) {
      parts.attributes = child;
      continue;
    }
    if (isComment(kind)) continue;
    if (parts.head === -1) parts.head = child;
    place(parts, table, child, kind);
  }
  if (parts.head === -1) parts.head = node;
  return parts;
}

function place(parts: Parts, table: NodeTable, child: number, kind: number): void {
  switch (kind) {
    case N.visibility_modifier:
      parts.visibility = child;
      return;
    case N.function_modifiers:
      modifiers(parts, table, child);
      return;
    case N.parameters:
      parts.parameters = child;
      return;
    case N.block:
    case N.declaration_list:
    case N.field_declaration_list:
    case N.ordered_field_declaration_list:
    case N.enum_variant_list:
      parts.body = child;
      return;
    case A['=']:
      if (parts.equals === -1) parts.equals = child;
      return;
    case A.for:
      parts.for = child;
      return;
    case A.unsafe:
      parts.unsafe = true;
      return;
    case A.async:
      parts.async = true;
      return;
    case A['!']:
      parts.negative = true;
      return;
    case N.mutable_specifier:
      parts.mutable = true;
      return;
    case N.type_parameters:
    case N.where_clause:
    case A.impl:
    case A.const:
    case A[';']:
      return;
    case N.identifier:
    case N.type_identifier:
    case N.metavariable:
      if (parts.name === -1) parts.name = child;
  }
  if (parts.first === -1) parts.first = child;
  parts.last = child;
}

function modifiers(parts: Parts, table: NodeTable, node: number): void {
  const end = table.next[node] as number;
  for (let child = node + 1; child < end; child = table.next[child] as number) {
    if (table.kind[child] === A.unsafe) parts.unsafe = true;
    else if (table.kind[child] === A.async) parts.async = true;
  }
}
