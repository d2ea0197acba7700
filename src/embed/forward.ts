import { messageOf } from '../errors.ts';
import { DIMENSIONS } from './embedder.ts';
import { badModel } from './fault.ts';
import type { Library } from './library.ts';
import type { Recipe } from './recipe.ts';
import { pool } from './vectors.ts';

export type Tokenizer = Awaited<ReturnType<Library['AutoTokenizer']['from_pretrained']>>;
export type Network = Awaited<ReturnType<Library['AutoModel']['from_pretrained']>>;

/** Texts that go through the model together. */
export interface Batch {
  readonly tokens: readonly (readonly number[])[];
  readonly recipe: Recipe;
  readonly tokenizer: Tokenizer;
}

/** One vector of length 1 for each text. Throws UserError `bad-model`. */
export async function forward(library: Library, network: Network, batch: Batch): Promise<Float32Array[]> {
  const { tokens, recipe, tokenizer } = batch;
  const width = Math.max(1, ...tokens.map((ids) => ids.length));
  const padding = BigInt(tokenizer.pad_token_id ?? 0);
  const shape = [tokens.length, width];
  const ids = new BigInt64Array(tokens.length * width).fill(padding);
  const mask = new BigInt64Array(tokens.length * width);
  tokens.forEach((own, row) => {
    own.forEach((id, at) => {
      ids[row * width + at] = BigInt(id);
      mask[row * width + at] = 1n;
    });
  });
  const output = await ran(network, {
    input_ids: new library.Tensor('int64', ids, shape),
    attention_mask: new library.Tensor('int64', mask, shape),
    token_type_ids: new library.Tensor('int64', new BigInt64Array(tokens.length * width), shape),
  });
  const states = statesOf(output, [tokens.length, width, DIMENSIONS]);
  const lengths = tokens.map((own) => own.length);
  return pool(states, { width, dimensions: DIMENSIONS }, lengths, recipe.pooling);
}

/** Weights that lack what their configuration promises, a position or a word, fail only here. */
async function ran(network: Network, inputs: object): Promise<unknown> {
  try {
    return (await network(inputs)) as unknown;
  } catch (error) {
    throw badModel(`the weights cannot be run: ${messageOf(error).split('\n')[0] ?? ''}`);
  }
}

/** The last layer's states; weights may give anything, whatever the configuration promises. */
function statesOf(output: unknown, wanted: readonly number[]): Float32Array {
  const { last_hidden_state: states } = output as {
    readonly last_hidden_state?: { readonly data: unknown; readonly dims: readonly number[] };
  };
  if (states === undefined) throw badModel('the weights give no last_hidden_state');
  const { data, dims } = states;
  if (data instanceof Float32Array && dims.join() === wanted.join()) return data;
  throw badModel(`the weights give ${dims.join(' × ')} values where ${wanted.join(' × ')} are wanted`);
}
