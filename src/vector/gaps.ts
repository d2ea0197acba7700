/** A row as far as it must fit its chunk. */
export interface StoredVector {
  readonly id: number;
  /** Of the chunk's text; empty where the row is of another model. */
  readonly hash: string;
}

/** Ids of chunks. */
export interface Gaps {
  /** Without a row of their own. */
  readonly missing: readonly number[];
  /** Of the missing, those under whose id something else stands, or the same twice. */
  readonly wrong: readonly number[];
  /** That are no more. */
  readonly gone: readonly number[];
}

/** What a table of vectors lacks of the chunks that are wanted (hashes by id), and what it has too much. */
export function gapsBetween(wanted: ReadonlyMap<number, string>, rows: Iterable<StoredVector>): Gaps {
  const right = new Set<number>();
  const wrong = new Set<number>();
  const gone = new Set<number>();
  for (const { id, hash } of rows) {
    const own = wanted.get(id);
    if (own === undefined) gone.add(id);
    else if (own !== hash || right.has(id)) wrong.add(id);
    else right.add(id);
  }
  const missing = [...wanted.keys()].filter((id) => !right.has(id) || wrong.has(id));
  return { missing, wrong: [...wrong], gone: [...gone] };
}
