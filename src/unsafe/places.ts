import type { Range } from '../types/source.ts';
import type { Item, Site, SyntaxFile } from '../types/syntax.ts';
import type { RawOperation, UnsafeKind } from './site.ts';

/** One word `unsafe`, and what belongs to it. */
export interface Place extends Range {
  readonly kind: UnsafeKind;
  readonly name: string;
  /** The item that it is, or stands in; -1 for none. */
  readonly item: number;
  readonly operations: RawOperation[];
  /** Parts of its range that belong to another place. */
  readonly holes: Range[];
  /** Item of the unsafe function whose body it lies in. */
  around: number;
}

/** Every place of a file, items first. */
export function placesOf({ items, sites }: SyntaxFile): Place[] {
  const places: Place[] = [];
  const add = (kind: UnsafeKind, range: Range, item: number, name = ''): void => {
    const { start, end } = range;
    places.push({ kind, start, end, name, item, operations: [], holes: [], around: -1 });
  };
  items.forEach((item, index) => {
    const kind = item.unsafe ? ITEM_KINDS[item.kind] : undefined;
    if (kind !== undefined) add(kind, { start: item.head, end: item.end }, index, nameOf(item));
  });
  for (const site of sites) {
    const kind = SITE_KINDS[site.kind];
    if (kind !== undefined) add(kind, site, site.item, site.name);
  }
  return places;
}

export const ITEM_KINDS: Readonly<Partial<Record<Item['kind'], UnsafeKind>>> = {
  fn: 'fn',
  trait: 'trait',
  impl: 'impl',
  extern: 'extern',
  static: 'static',
};
const SITE_KINDS: Readonly<Partial<Record<Site['kind'], UnsafeKind>>> = {
  'unsafe-block': 'block',
  'unsafe-attribute': 'attribute',
  'unsafe-fn-type': 'fn-type',
  'unsafe-token': 'macro',
};

/** The trait of an `unsafe impl`, the name of everything else. */
function nameOf({ kind, name, path }: Item): string {
  return kind === 'impl' ? (/ as (.*)>$/.exec(path)?.[1] ?? '') : name;
}

/** Path of the item or of the nearest named one around it; an implementation has a path without a name. */
export function namedPath(items: readonly Item[], item: Item | undefined): string {
  let at = item;
  while (at !== undefined && at.name === '' && at.kind !== 'impl') at = items[at.parent];
  return at?.path ?? '';
}

/** Where the unit that holds an item begins; null where none does. */
export function unitOf(items: readonly Item[], item: Item | undefined): number | null {
  let at = item;
  while (at !== undefined && !at.unit) at = items[at.parent];
  return at?.start ?? null;
}

/** Blanks of the same length in place of comments and strings. */
export function masked({ text, sites }: SyntaxFile): string {
  let result = '';
  let from = 0;
  for (const { kind, start, end } of sites) {
    if ((kind !== 'comment' && kind !== 'string') || start < from) continue;
    result += text.slice(from, start) + ' '.repeat(end - start);
    from = end;
  }
  return result + text.slice(from);
}
