import type { Embedder } from '../../embed/embedder.ts';
import { UserError } from '../../errors.ts';
import type { Query } from '../../search/query.ts';
import { readQuery } from '../../search/query.ts';
import type { Ranked, Recipe } from '../../search/rank.ts';
import { bestPerFile, BY_VECTORS, rank, RECIPE } from '../../search/rank.ts';
import type { Splitter } from '../../search/words.ts';
import { newSplitter } from '../../search/words.ts';
import type { Notice } from '../../types/run.ts';
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
  /** Null: `hybrid` where an embedder was opened, else `keyword`. */
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
 * The best chunks of all indexes, ranked as one. `embedder` may be null where words alone are asked for. Throws UserError
 * where there is nothing to look for.
 */
export async function retrieve(
  indexes: readonly OpenIndex[],
  embedder: Embedder | null,
  request: Retrieval,
): Promise<Retrieved> {
  const { like } = request;
  const split = newSplitter();
  const mode = request.mode ?? (embedder === null ? 'keyword' : 'hybrid');
  const model = mode === 'keyword' ? null : needed(embedder);
  const { query, vector, self } =
    like === null
      ? await askedInWords(split, request.query, model)
      : await askedByExample(split, indexes, like, model);
  const notices: Notice[] = [];
  const searched = indexes.filter(({ root }) => like?.searched !== false || root !== like.root);
  const found = await candidates(searched, query, { ...request, mode, vector, notices });
  const others = found.filter(({ chunk, index }) => index.root !== self?.root || chunk.id !== self.id);
  const ranked = rank(split, query, others, recipeFor(mode, model));
  const wanted = request.unit === 'file' ? bestPerFile(ranked) : ranked;
  return { split, query, mode, model: model?.id ?? null, ranked: wanted.slice(0, request.limit), notices };
}

/** Who asks for the nearest is shown them, however far they are. */
function recipeFor(mode: Mode, model: Embedder | null): Recipe {
  if (model === null) return RECIPE;
  const recipe = { ...RECIPE, ...BY_VECTORS[model.kind] };
  return mode === 'vector' ? { ...recipe, least: RECIPE.least } : recipe;
}

async function askedInWords(split: Splitter, text: string, model: Embedder | null): Promise<Example> {
  const query = readQuery(split, text);
  const hasWords = query.terms.length > 0 || query.symbol !== null;
  // A transformer was trained on whole sentences; the bundled embedder knows words.
  if (query.text === '' || (model?.kind !== 'transformers' && !hasWords)) throw nothingToLookFor(query);
  const [vector = null] = model === null ? [] : await model.embedQueries([query.text]);
  return { query, vector: isNothing(vector) ? null : vector, self: null };
}

/** The vector of a text in which the model knows nothing is near to nothing. */
function isNothing(vector: Float32Array | null): boolean {
  return vector === null || vector.every((value) => value === 0);
}

function needed(embedder: Embedder | null): Embedder {
  if (embedder !== null) return embedder;
  throw new Error('a search by meaning without an embedder');
}

/** Why a query cannot be asked. */
export function nothingToLookFor({ text }: Query): UserError {
  if (text === '')
    return new UserError('usage', 'the query is empty', 'Say what to look for in a few words.');
  const hint = 'Words like "the" and "for" are in everything: say what the code is about.';
  return new UserError('usage', 'there is no word in the query to look for', hint);
}
