import type { Embedder } from './embedder.ts';
import { DIMENSIONS, prose } from './embedder.ts';
import { badModel } from './fault.ts';
import { KNOWN_TEXT, knownModel } from './known.ts';
import { cosine, dot } from './vectors.ts';

/** Other int8 weights of the same model come nearer than this; other models, or another pooling, do not. */
const NEAR_ENOUGH = 0.9;

const QUESTION = 'how are the words of a file counted';
const RELATED = KNOWN_TEXT;
const NO_VECTOR = new Float32Array(0);
const UNRELATED = 'The cat sleeps on the warm roof all day long.';

/**
 * Runs a model on three sentences: the vectors must be vectors, tell what is related from what is not, and be
 * those of the model whose name it bears, where that is known. Throws UserError `bad-model`.
 */
export async function tryModel(embedder: Embedder, name: string): Promise<void> {
  // The longest that there can be: a table of positions may be shorter than promised.
  const long = 'a '.repeat(embedder.maxTokens);
  const [question = NO_VECTOR] = await embedder.embedQueries([QUESTION]);
  const passages = await embedder.embedPassages([RELATED, UNRELATED, long].map(prose));
  const [related = NO_VECTOR, unrelated = NO_VECTOR] = passages;
  for (const vector of [question, ...passages]) requireVector(vector);
  if (dot(question, related) <= dot(question, unrelated)) {
    throw badModel('the weights run, and find an unrelated sentence nearer than a related one');
  }
  const expected = knownModel(name)?.expected ?? null;
  if (expected === null || cosine(related.subarray(0, expected.length), expected) >= NEAR_ENOUGH) return;
  const hint = 'If it is another model, give it another name: --name NAME';
  throw badModel(`the weights do not give the vectors of ${name}`, hint);
}

function requireVector(vector: Float32Array): void {
  const sound = vector.length === DIMENSIONS && vector.every((value) => Number.isFinite(value));
  if (!sound || Math.abs(dot(vector, vector) - 1) > 1e-3) {
    throw badModel(`the weights do not give vectors of ${DIMENSIONS} finite numbers`);
  }
}
