import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { messageOf } from '../errors.ts';
import { embeddedText } from '../search/embedded-text.ts';
import type { BatchLimits } from './batches.ts';
import { inBatches } from './batches.ts';
import type { Embedder } from './embedder.ts';
import { DIMENSIONS } from './embedder.ts';
import { badModel } from './fault.ts';
import { QUANTISED } from './files.ts';
import type { Network, Tokenizer } from './forward.ts';
import { forward } from './forward.ts';
import type { Library } from './library.ts';
import type { Recipe } from './recipe.ts';

/** A folder on this disk, how its vectors are made, and the name of the whole. */
export interface OpenModel {
  readonly id: string;
  readonly path: string;
  /** The file with the weights, as `inspectFolder` names it. */
  readonly weights: string;
  readonly recipe: Recipe;
}

/**
 * Int8 weights scale what flows through them by the largest value of the whole batch: a text's vector would depend
 * on its company (cosine 0.986 to itself was seen), and batches gain no time. So each text goes alone.
 */
const ALONE: BatchLimits = { maxTokens: 0, maxTexts: 1 };
/** Memory grows with the tokens of a batch: 400 MB at 2,048, 2.2 GB at 16,384. */
const TOGETHER: BatchLimits = { maxTokens: 2048, maxTexts: 64 };
/** A token is rarely longer; what follows is cut before it costs time in the tokenizer. */
const CHARACTERS_PER_TOKEN = 32;

/** Opens a model's folder; nothing is fetched. Throws UserError `bad-model` where it does not load. */
export async function openTransformers(library: Library, model: OpenModel): Promise<Embedder> {
  const { id, recipe, weights } = model;
  const { tokenizer, network } = await load(library, model);
  const limits = weights === QUANTISED ? ALONE : TOGETHER;
  async function embed(texts: readonly string[], prefix: string): Promise<Float32Array[]> {
    const tokens = texts.map((text) => tokensOf(tokenizer, prefix + text, recipe.maxTokens));
    const lengths = tokens.map((ids) => ids.length);
    return inBatches(lengths, limits, (indices) =>
      forward(library, network, { tokens: indices.map((index) => tokens[index] ?? []), recipe, tokenizer }),
    );
  }
  return {
    id,
    kind: 'transformers',
    dimensions: DIMENSIONS,
    maxTokens: recipe.maxTokens,
    embedQueries: (texts) => embed(texts, recipe.prefixes.query),
    embedPassages: (passages) => embed(passages.map(embeddedText), recipe.prefixes.passage),
    close: async () => {
      await network.dispose();
    },
  };
}

async function load(
  library: Library,
  { path, weights }: OpenModel,
): Promise<{ tokenizer: Tokenizer; network: Network }> {
  const { env, LogLevel, AutoModel, AutoTokenizer } = library;
  env.allowRemoteModels = false;
  env.useFSCache = false;
  // It would write to the terminal; what matters is thrown.
  env.logLevel = LogLevel.NONE;
  try {
    const tokenizer = await AutoTokenizer.from_pretrained(path, { local_files_only: true });
    const network = await AutoModel.from_pretrained(path, {
      local_files_only: true,
      device: 'cpu',
      dtype: weights === QUANTISED ? 'q8' : 'fp32',
      session_options: sessionOptions(),
    });
    return { tokenizer, network };
  } catch (error) {
    const [line = ''] = messageOf(error).split('\n');
    throw badModel(`${weights} or its tokenizer cannot be loaded: ${line.replaceAll(path, basename(path))}`);
  }
}

/** Half of the cores, so that a Pi stays usable; threads that have nothing to do sleep. */
function sessionOptions() {
  return {
    intraOpNumThreads: Math.min(4, Math.max(1, Math.floor(availableParallelism() / 2))),
    interOpNumThreads: 1,
    // It plans for one shape of input, and here each text has its own.
    enableMemPattern: false,
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  } as const;
}

/** Token numbers of a text; one that is too long keeps its last, special, token. */
function tokensOf(tokenizer: Tokenizer, text: string, maxTokens: number): number[] {
  const ids = tokenizer.encode(text.slice(0, maxTokens * CHARACTERS_PER_TOKEN));
  return ids.length <= maxTokens ? ids : [...ids.slice(0, maxTokens - 1), ...ids.slice(-1)];
}
