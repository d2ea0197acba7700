import type { Embedder } from '../../embed/embedder.ts';
import { UserError } from '../../errors.ts';
import type { Query } from '../../search/query.ts';
import { readQuery } from '../../search/query.ts';
import type { Ranked } from '../../search/rank.ts';
import { bestPerFile, rank, RECIPE } from '../../search/rank.ts';
import type { Splitter } from '../../search/words.ts';
import { newSplitter } from '../../search/words.ts';
import type { Notice } from '../../types.ts';
import type { Found } from './candidates.ts';
import { candidates } from './candidates.ts';
import type { Example, Place } from './example.ts';
import { askedByExample } from './example.ts';
import type { OpenIndex } from './open-index.ts';

export type Mode = 'hybrid' | 'vector' | 'keyword';

export interface Retrieval {
  readonly query: string;
  /** Instead of the query: more like the item at this place. */
  readonly like: Place | null;
  /** Null: `hybrid` where there is a model, else `keyword`. */
  readonly mode: Mode | null;
  /** At most. */
  readonly limit: number;
  /** What counts towards the limit; of a file its best item stands for it. */
  readonly unit: 'item' | 'file';
  /** Item kinds; null: all. */
  readonly kinds: readonly string[] | null;
  /** Whether a file may be searched; null: all may. */
  readonly allows: ((path: string) => boolean) | null;
}

export interface Retrieved {
  readonly split: Splitter;
  readonly query: Query;
  readonly mode: Mode;
  /** Id of the model that had a part in it. */
  readonly model: string | null;
  /** Best first. */
  readonly ranked: readonly Ranked<Found>[];
  /** Indexes of which a part could not be searched. */
  readonly notices: readonly Notice[];
}

/**
 * The best chunks of all indexes, ranked as one. Throws UserError where there is nothing to look for, or no model for
 * what is asked.
 */
export async function retrieve(
  indexes: readonly OpenIndex[],
  embedder: Embedder | null,
  request: Retrieval,
): Promise<Retrieved> {
  const split = newSplitter();
  const mode = request.mode ?? (embedder === null ? 'keyword' : 'hybrid');
  const model = mode === 'keyword' ? null : needed(embedder);
  const { query, vector, self } =
    request.like === null
      ? await askedInWords(split, request.query, model)
      : await askedByExample(split, indexes, request.like, model);
  const notices: Notice[] = [];
  const found = await candidates(indexes, query, { ...request, mode, vector, notices });
  const others = found.filter(({ chunk, index }) => index.root !== self?.root || chunk.id !== self.id);
  const lambda = mode === 'keyword' ? 0 : RECIPE.lambda;
  const ranked = rank(split, query, others, { ...RECIPE, lambda });
  const wanted = request.unit === 'file' ? bestPerFile(ranked) : ranked;
  return { split, query, mode, model: model?.id ?? null, ranked: wanted.slice(0, request.limit), notices };
}

async function askedInWords(split: Splitter, text: string, model: Embedder | null): Promise<Example> {
  const query = readQuery(split, text);
  const hasWords = query.terms.length > 0 || query.symbol !== null;
  if (query.text === '' || (model === null && !hasWords)) throw nothingToLookFor(query);
  const [vector = null] = model === null ? [] : await model.embed([query.text], 'query');
  return { query, vector, self: null };
}

function needed(embedder: Embedder | null): Embedder {
  if (embedder !== null) return embedder;
  const hint =
    'Take one (rustassistant models pull e5-small-v2) and name it: embedding.model in config.toml.';
  throw new UserError('model-missing', 'a search by meaning needs an embedding model', hint);
}

/** Why a query cannot be asked. */
export function nothingToLookFor({ text }: Query): UserError {
  if (text === '')
    return new UserError('usage', 'the query is empty', 'Say what to look for in a few words.');
  const hint = 'Words like "the" and "for" are in everything: say what the code is about.';
  return new UserError('usage', 'there is no word in the query to look for', hint);
}
