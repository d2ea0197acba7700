import { statSync } from 'node:fs';
import { DIMENSIONS } from './embedder.ts';
import { badModel } from './fault.ts';
import type { FileRow } from './files.ts';
import { MODEL_FILES, fileRow } from './files.ts';
import type { Found } from './read.ts';
import { countOf, findFile, isObject, readObject } from './read.ts';

/** A folder that has the shape of a model; whether its weights work only running them tells. */
export interface ModelFolder {
  readonly path: string;
  readonly files: readonly Found[];
  /** Which of the files holds the weights. */
  readonly weights: string;
  /** The longest text that its tokens can be placed in. */
  readonly maxTokens: number;
}

/** Longer texts cost more than their length, in time and memory, and no chunk is that long. */
const MOST_TOKENS = 512;
const LAYOUT =
  'Wanted: config.json, tokenizer.json, tokenizer_config.json and onnx/model_quantized.onnx or onnx/model.onnx.';

/** Looks at files, sizes and widths; runs nothing. Throws UserError `bad-model` with the first thing that is wrong. */
export function inspectFolder(path: string): ModelFolder {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw badModel(`${path} is no folder`, 'Unpack an archive first. ' + LAYOUT);
  }
  const files: Found[] = [];
  for (const row of MODEL_FILES) {
    if (row.need === 'weights' && files.some(({ name }) => isWeights(fileRow(name)))) continue;
    const found = findFile(path, row);
    if (found !== null) files.push(found);
    else if (row.need === 'required') throw badModel(`${path} has no ${row.name}`, LAYOUT);
  }
  const weights = files.find(({ name }) => isWeights(fileRow(name)));
  if (weights === undefined) throw badModel(`${path} has no weights`, LAYOUT);
  return { path, files, weights: weights.name, maxTokens: checkShape(path) };
}

function isWeights(row: FileRow | null): boolean {
  return row?.need === 'weights';
}

/** What the configuration promises must fit the index and the tokenizer. Returns the most tokens of a text. */
function checkShape(path: string): number {
  const config = objectIn(path, 'config.json');
  // DistilBERT's own word for it is `dim`.
  const width = countOf(config['hidden_size'] ?? config['dim'], 1e6);
  if (width !== DIMENSIONS) {
    const message = `its vectors have ${width ?? 'an unknown number of'} dimensions; the search index holds ${DIMENSIONS}`;
    throw badModel(message, 'Models of that width: e5-small-v2, all-MiniLM-L6-v2, bge-small-en-v1.5.');
  }
  const vocabulary = countOf(config['vocab_size'], 1e7);
  if (vocabulary === null) throw badModel('config.json tells no vocab_size');
  checkVocabulary(objectIn(path, 'tokenizer.json'), vocabulary);
  const positions = countOf(config['max_position_embeddings'], 1e6);
  const limit = countOf(objectIn(path, 'tokenizer_config.json')['model_max_length'], 1e6);
  return Math.min(positions ?? MOST_TOKENS, limit ?? MOST_TOKENS, MOST_TOKENS);
}

/** A word whose number is beyond the weights' table would end in an error in the middle of an index run. */
function checkVocabulary(tokenizer: Record<string, unknown>, size: number): void {
  const model = tokenizer['model'];
  const vocab = isObject(model) ? model['vocab'] : undefined;
  const words = Array.isArray(vocab) ? vocab.length : isObject(vocab) ? Object.keys(vocab).length : 0;
  if (words === 0) throw badModel('tokenizer.json holds no vocabulary');
  const ids = isObject(vocab) ? Object.values(vocab) : [words - 1];
  if (ids.every((id) => Number.isInteger(id) && (id as number) >= 0 && (id as number) < size)) return;
  throw badModel(`tokenizer.json and config.json do not belong together: ${words} words, vocab_size ${size}`);
}

function objectIn(path: string, name: string): Record<string, unknown> {
  const row = fileRow(name);
  const object = row === null ? null : readObject(path, row);
  if (object === null) throw badModel(`${path} has no ${name}`, LAYOUT);
  return object;
}
