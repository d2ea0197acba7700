import type { Diagnostic, SiteKind } from '../types/syntax.ts';
import type { LineIndex } from '../util/lines.ts';
import type { Counters, Draft, DraftSite } from './draft.ts';
import { newTable } from './table.ts';
import type { NodeTable } from './table.ts';

/** One walk over one file: what it has found, and where it stands. */
export interface Walk {
  readonly text: string;
  readonly lines: LineIndex;
  readonly items: Draft[];
  readonly sites: DraftSite[];
  readonly diagnostics: Diagnostic[];
  /** Parses a part of the text as a file of its own; null where it is not a list of items. */
  readonly parseItems: (start: number, end: number) => NodeTable | null;
  /** Takes back a table that `parseItems` gave. */
  readonly release: (table: NodeTable) => void;
  /** The tree being walked: the file's, or that of a macro's body so many macros deep. */
  table: NodeTable;
  macroDepth: number;
  /** `#![cfg(test)]` stands at the top of the file. */
  test: boolean;
  /** Indices of the innermost item and site, -1 for none. */
  item: number;
  site: number;
  /** Of the function whose body this is, null outside of functions. */
  counters: Counters | null;
  /** Control structures around this place, and the same with closures counted. */
  nesting: number;
  thinking: number;
  /** In a token tree, where the grammar sees tokens and no expressions. */
  tokens: boolean;
  /** In the left side of a macro's rule, which is tokens too and no token tree. */
  pattern: boolean;
  /** Subtrees of `table` that the walk is in, outermost first. */
  scopes: Scope[];
}

/** What a walk goes back to when a node's subtree ends. */
interface Scope {
  end: number;
  item: number;
  site: number;
  counters: Counters | null;
  nesting: number;
  thinking: number;
  tokens: boolean;
  pattern: boolean;
}

/** A walk at the top of a file, where nothing is found yet. */
export function newWalk(
  text: string,
  lines: LineIndex,
  parseItems: Walk['parseItems'],
  release: Walk['release'],
): Walk {
  return {
    text,
    lines,
    items: [],
    sites: [],
    diagnostics: [],
    parseItems,
    release,
    table: newTable(0),
    macroDepth: 0,
    test: false,
    item: -1,
    site: -1,
    counters: null,
    nesting: 0,
    thinking: 0,
    tokens: false,
    pattern: false,
    scopes: [],
  };
}

/** Remembers where the walk stands until `node`'s subtree ends. */
export function enter(walk: Walk, node: number): void {
  walk.scopes.push({
    end: walk.table.next[node] as number,
    item: walk.item,
    site: walk.site,
    counters: walk.counters,
    nesting: walk.nesting,
    thinking: walk.thinking,
    tokens: walk.tokens,
    pattern: walk.pattern,
  });
}

/** Goes back out of every subtree that ends at `node` or before. */
export function leave(walk: Walk, node: number): void {
  const { scopes } = walk;
  for (let scope = scopes.at(-1); scope !== undefined && scope.end <= node; scope = scopes.at(-1)) {
    walk.item = scope.item;
    walk.site = scope.site;
    walk.counters = scope.counters;
    walk.nesting = scope.nesting;
    walk.thinking = scope.thinking;
    walk.tokens = scope.tokens;
    walk.pattern = scope.pattern;
    scopes.pop();
  }
}

/** Whether items stand here, and not statements or expressions. */
export function atItemLevel({ tokens, item, items }: Walk): boolean {
  return !tokens && (item === -1 || (items[item] as Draft).container);
}

/** Records a site that holds no others. */
export function addSite(
  walk: Walk,
  kind: SiteKind,
  start: number,
  end: number,
  name = '',
  detail = end,
): void {
  walk.sites.push({ kind, name, start, end, detail, parent: walk.site, item: walk.item });
}

/** Records a node as a site; what its subtree holds lies in it. */
export function openSite(walk: Walk, kind: SiteKind, node: number, name = '', detail = -1): void {
  const { start, end } = walk.table;
  const to = end[node] as number;
  addSite(walk, kind, start[node] as number, to, name, detail === -1 ? to : detail);
  enter(walk, node);
  walk.site = walk.sites.length - 1;
}

/** The text of a node. */
export function textOf({ text, table }: Walk, node: number): string {
  return text.slice(table.start[node], table.end[node]);
}
