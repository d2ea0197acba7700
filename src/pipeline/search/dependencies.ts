import { namesIn } from '../../search/names.ts';
import type { StoredChunk } from '../../store/chunks.ts';
import { textOf } from './chunk-text.ts';
import type { OpenIndex } from './open-index.ts';

/** A name with more definitions than that says not which is meant. */
const MAX_DEFINITIONS = 2;
/** Blocks whose members are items of their own, and what lies between: no definition that a reader needs. */
const NO_DEFINITION: ReadonlySet<string> = new Set(['rest', 'impl', 'mod', 'use', 'extern', 'extern crate']);

/** A chunk for a pack, and why it is there. */
export interface Chosen {
  readonly index: OpenIndex;
  readonly chunk: StoredChunk;
  readonly role: 'match' | 'dependency';
  readonly text: string;
}

/** What the chosen items mention and is defined in their repository, the most mentioned first. */
export function dependencies(matches: readonly Chosen[]): Chosen[] {
  const taken = new Set(matches.map(idOf));
  const mentions = new Map<string, { readonly one: Chosen; times: number }>();
  for (const { index, chunk, text } of matches) {
    for (const definition of definitionsIn(index, chunk, namesIn(text))) {
      const id = idOf({ index, chunk: definition });
      const known = mentions.get(id);
      if (known !== undefined) known.times += 1;
      else if (!taken.has(id)) {
        const own = textOf(index, definition);
        if (own !== null)
          mentions.set(id, { one: { index, chunk: definition, role: 'dependency', text: own }, times: 1 });
      }
    }
  }
  return [...mentions.values()].sort((a, b) => b.times - a.times).map(({ one }) => one);
}

/** By each name what stands in the same file, else where there are few enough to tell which is meant. */
function definitionsIn(
  { index, inside }: OpenIndex,
  from: StoredChunk,
  names: ReadonlySet<string>,
): StoredChunk[] {
  const byName = new Map<string, StoredChunk[]>();
  for (const definition of index.definitions([...names])) {
    if (definition.test || NO_DEFINITION.has(definition.kind) || definition.id === from.id) continue;
    if (inside !== null && !inside(definition.file)) continue;
    byName.set(definition.name, [...(byName.get(definition.name) ?? []), definition]);
  }
  return [...byName.values()].flatMap((all) => {
    const near = all.filter(({ file }) => file === from.file);
    const meant = near.length > 0 ? near : all;
    return meant.length <= MAX_DEFINITIONS ? meant : [];
  });
}

function idOf({ index, chunk }: Pick<Chosen, 'index' | 'chunk'>): string {
  return `${index.id}:${chunk.id}`;
}
