import type { Item } from '../types/syntax.ts';

/** The item of an index, -1 for none: `items[-1]` is as undefined, but is searched for by name and not among elements. */
export function itemOf(items: readonly Item[], index: number): Item | undefined {
  return index === -1 ? undefined : items[index];
}

/** The item around another, undefined at the top of the file. */
export function parentOf(items: readonly Item[], { parent }: Pick<Item, 'parent'>): Item | undefined {
  return itemOf(items, parent);
}
