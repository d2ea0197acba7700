/** A model of a few words, laid out as a real one and run by the real library: each word has a vector by its hash. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import { writeFiles } from './cli.ts';

const WORDS =
  'how are the words of a file counted reads line by and counts in it cat sleeps on warm roof all day long . query : passage';
const VOCAB = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...new Set(WORDS.split(' '))];

export interface ToyOptions {
  readonly dimensions?: number;
  readonly weights?: 'onnx/model_quantized.onnx' | 'onnx/model.onnx';
  /** Another seed gives other vectors. */
  readonly seed?: string;
  /** Written over the usual files. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Writes the model into a folder, which it returns. */
export function toyModel(folder: string, options: ToyOptions = {}): string {
  const { dimensions = 384, weights = 'onnx/model_quantized.onnx', seed = '', files = {} } = options;
  const json = (value: object): string => JSON.stringify(value);
  writeFiles(folder, {
    'config.json': json({
      model_type: 'bert',
      hidden_size: dimensions,
      vocab_size: VOCAB.length,
      max_position_embeddings: 64,
    }),
    'tokenizer_config.json': json({
      tokenizer_class: 'BertTokenizer',
      model_max_length: 64,
      pad_token: '[PAD]',
    }),
    'tokenizer.json': json(tokenizer()),
    ...files,
  });
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  writeFileSync(join(folder, weights), network(dimensions, seed));
  return folder;
}

function tokenizer(): object {
  const special = (content: string, id: number): object => ({
    ...{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
  });
  const template = (token: string, id: number): object => ({ id: token, ids: [id], tokens: [token] });
  return {
    version: '1.0',
    added_tokens: VOCAB.slice(0, 4).map(special),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      lowercase: true,
      handle_chinese_chars: true,
      strip_accents: null,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [],
      special_tokens: { '[CLS]': template('[CLS]', 2), '[SEP]': template('[SEP]', 3) },
    },
    decoder: null,
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(VOCAB.map((word, id) => [word, id])),
    },
  };
}

/**
 * An ONNX file: each token's row of a table, plus the sum of all rows that the mask lets through, so that a wrong mask
 * shows in every token.
 */
function network(dimensions: number, seed: string): Buffer {
  const graph = message(
    ...[
      node('Gather', ['table', 'input_ids'], 'own'),
      node('Cast', ['attention_mask'], 'mask', message(text(1, 'to'), number(3, FLOAT), number(20, 2))),
      node('Unsqueeze', ['mask', 'two'], 'weight'),
      node('Mul', ['own', 'weight'], 'shown'),
      node('ReduceSum', ['shown', 'one'], 'all'),
      node('Add', ['own', 'all'], 'last_hidden_state'),
    ].map((step) => bytes(1, step)),
    text(2, 'toy'),
    ...[
      constant('table', FLOAT, [VOCAB.length, dimensions], rows(dimensions, seed)),
      constant('one', INT64, [1], Buffer.from(BigInt64Array.of(1n).buffer)),
      constant('two', INT64, [1], Buffer.from(BigInt64Array.of(2n).buffer)),
    ].map((value) => bytes(5, value)),
    ...['input_ids', 'attention_mask'].map((name) => bytes(11, tensor(name, INT64, ['texts', 'tokens']))),
    bytes(12, tensor('last_hidden_state', FLOAT, ['texts', 'tokens', dimensions])),
  );
  return message(number(1, 8), bytes(7, graph), bytes(8, message(number(2, 13))));
}

function rows(dimensions: number, seed: string): Buffer {
  const values = VOCAB.flatMap((word) =>
    Array.from({ length: Math.ceil(dimensions / 32) }, (_, at) => [
      ...createHash('sha256').update(`${seed} ${word} ${at}`).digest(),
    ])
      .flat()
      .slice(0, dimensions)
      .map((byte) => (byte - 127.5) / 128),
  );
  return Buffer.from(Float32Array.from(values).buffer);
}

// Protocol buffers, as far as onnx.proto needs them here.
const FLOAT = 1;
const INT64 = 7;

function node(operation: string, inputs: readonly string[], output: string, attribute?: Buffer): Buffer {
  const attributes = attribute === undefined ? [] : [bytes(5, attribute)];
  return message(...inputs.map((name) => text(1, name)), text(2, output), text(4, operation), ...attributes);
}

function constant(name: string, type: number, dims: readonly number[], data: Buffer): Buffer {
  return message(...dims.map((dim) => number(1, dim)), number(2, type), text(8, name), bytes(9, data));
}

function tensor(name: string, type: number, dims: readonly (string | number)[]): Buffer {
  const shape = message(
    ...dims.map((dim) => bytes(1, message(typeof dim === 'number' ? number(1, dim) : text(2, dim)))),
  );
  return message(text(1, name), bytes(2, message(bytes(1, message(number(1, type), bytes(2, shape))))));
}

function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields);
}

function number(field: number, value: number): Buffer {
  return Buffer.of(...varint(field * 8), ...varint(value));
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.of(...varint(field * 8 + 2), ...varint(value.length)), value]);
}

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
