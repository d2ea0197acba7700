import type { Embedder } from '../../embed/embedder.ts';
import { UserError } from '../../errors.ts';
import type { Query } from '../../search/query.ts';
import type { Splitter } from '../../search/words.ts';
import type { StoredChunk } from '../../store/chunks.ts';
import { textOf } from './chunk-text.ts';
import type { OpenIndex } from './open-index.ts';

/** A line of a file, and whether its repository is searched or only gives the example. */
export interface Place {
  readonly searched: boolean;
  /** Of the repository. */
  readonly root: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** What is looked for: by words, by a vector. */
export interface Example {
  readonly query: Query;
  readonly vector: Float32Array | null;
  /** The chunk that it was made of: no answer to itself. */
  readonly self: { readonly root: string; readonly id: number } | null;
}

/** So many words of an item are looked for, the rarest of them: they tell it from others. */
const WORDS = 32;

/** The item at a place as what is looked for. Throws UserError `no-item` where none is. */
export async function askedByExample(
  split: Splitter,
  indexes: readonly OpenIndex[],
  { root, file, line }: Place,
  model: Embedder | null,
): Promise<Example> {
  const open = indexes.find((one) => one.root === root);
  const lines = (one: { readonly firstLine: number; readonly endLine: number }) =>
    one.endLine - one.firstLine;
  const [chunk] = (open?.index.chunksOf(file) ?? [])
    .filter(({ firstLine, endLine }) => firstLine <= line && line <= endLine)
    .sort((a, b) => lines(a) - lines(b));
  const text = open === undefined || chunk === undefined ? null : textOf(open, chunk);
  if (open === undefined || chunk === undefined || text === null)
    throw new UserError(
      'no-item',
      `there is no item at ${file}:${line}`,
      'Give a place like src/net/pool.rs:141.',
    );
  const terms = rarest(open, [...new Set(split(text))]);
  return {
    query: { text, terms, symbol: null, wantsTests: chunk.test },
    vector: model === null ? null : await vectorOf(open, chunk, text, model),
    self: { root, id: chunk.id },
  };
}

function rarest({ index }: OpenIndex, terms: readonly string[]): string[] {
  const spread = index.spread(terms);
  return terms
    .map((term, at) => ({ term, files: spread[at]?.size ?? 0 }))
    .sort((a, b) => a.files - b.files)
    .slice(0, WORDS)
    .map(({ term }) => term);
}

async function vectorOf(
  open: OpenIndex,
  { hash, file, kind, path, signature }: StoredChunk,
  text: string,
  model: Embedder,
): Promise<Float32Array | null> {
  // One of the bundled embedder may be that of an equal chunk elsewhere.
  const known = model.kind === 'builtin' ? undefined : await open.vectors?.vectorsOf([hash]);
  const stored = known?.get(hash);
  if (stored !== undefined) return stored;
  const [made = null] = await model.embedPassages([{ file, kind, path, signature, doc: '', code: text }]);
  return made;
}
