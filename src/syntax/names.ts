import { N } from './kinds.ts';
import type { Parts } from './parts.ts';
import { textOf } from './scope.ts';
import type { Walk } from './scope.ts';

/** How an item is called: its name, its path, and what the paths of its members begin with. */
export interface Naming {
  readonly name: string;
  readonly path: string;
  readonly scope: string;
}

/**
 * Names an item within `outer`, the path of what is around it. An implementation's path is its type, or
 * `<Type as Trait>`, the type without generic arguments, so that it is no certain key: `impl From<A>` and
 * `impl From<B>` differ, `impl Tr for P<u8>` and `impl Tr for P<u16>` do not. `extern` blocks, unnamed
 * constants and macro calls add nothing to the paths of their members.
 */
export function nameItem(walk: Walk, code: number, parts: Parts, outer: string): Naming {
  if (code === N.impl_item) {
    const path = joinPath(outer, implPath(walk, parts));
    return { name: '', path, scope: path };
  }
  if (parts.name === -1 || code === N.use_declaration || code === N.foreign_mod_item) {
    return { name: '', path: outer, scope: outer };
  }
  const name = textOf(walk, parts.name);
  const path = joinPath(outer, name);
  return { name, path, scope: name === '_' ? outer : path };
}

export function joinPath(outer: string, name: string): string {
  return outer === '' ? name : `${outer}::${name}`;
}

/** White space as one blank, comments left out. */
export function collapse(text: string): string {
  const bare = text.includes('//') || text.includes('/*') ? text.replace(COMMENTS, ' ') : text;
  return UNEVEN.test(bare) ? bare.replace(/\s+/g, ' ').trim() : bare.trim();
}

/** Where `[start, end)` of a text ends without the line breaks at its end. */
export function beforeBreaks(text: string, start: number, end: number): number {
  let to = end;
  while (to > start && isBreak(text.charCodeAt(to - 1))) to -= 1;
  return to;
}

function isBreak(code: number): boolean {
  return code === 10 || code === 13;
}

const COMMENTS = /\/\*[^]*?\*\/|\/\/[^\n]*/g;
const UNEVEN = /\s\s|[^\S ]/;

function implPath(walk: Walk, parts: Parts): string {
  const type = typeName(walk, parts.last);
  return parts.for === -1 ? type : `<${type} as ${traitName(walk, parts)}>`;
}

/** The trait of an implementation, `''` where it has none: without the path before it, `!` before a denied one. */
export function traitName(walk: Walk, parts: Parts): string {
  if (parts.for === -1 || parts.first === -1) return '';
  const name = collapse(textOf(walk, parts.first)).replace(/^(?:[\w$]*\s*::\s*)+/, '');
  return parts.negative ? `!${name}` : name;
}

function typeName(walk: Walk, node: number): string {
  if (node === -1) return '';
  const { table } = walk;
  let at = node;
  if (table.kind[at] === N.generic_type) at += 1;
  if (table.kind[at] !== N.scoped_type_identifier) return collapse(textOf(walk, at));
  return collapse(textOf(walk, (table.next[at] as number) - 1));
}

/** A macro's name without the path before it. */
export function macroName(walk: Walk, call: number): string {
  const { table } = walk;
  const path = call + 1;
  return textOf(walk, table.kind[path] === N.scoped_identifier ? (table.next[path] as number) - 1 : path);
}
