import { badModel } from './fault.ts';
import { fileRow } from './files.ts';
import type { ModelFolder } from './folder.ts';
import type { Prefixes } from './known.ts';
import { knownModel } from './known.ts';
import { countOf, isObject, readJson } from './read.ts';
import type { Pooling } from './vectors.ts';

/** How a model's vectors are made of its output; every vector is scaled to length 1 after it. */
export interface Recipe {
  readonly pooling: Pooling;
  readonly prefixes: Prefixes;
  readonly maxTokens: number;
  /** Who says so: our table, files of sentence-transformers in the folder, or nobody. */
  readonly basis: 'known' | 'folder' | 'assumed';
}

const NONE: Prefixes = { query: '', passage: '' };
const MAX_PREFIX = 500;

/** The table's row where the name is known, else what the folder tells, else the mean without prefixes. */
export function recipeOf(name: string, folder: ModelFolder): Recipe {
  const known = knownModel(name);
  if (known !== null) {
    const { pooling, prefixes } = known;
    return {
      pooling,
      prefixes,
      maxTokens: Math.min(known.maxTokens, folder.maxTokens),
      basis: 'known',
    };
  }
  requirePlainModules(jsonIn(folder, 'modules.json'));
  const pooling = poolingOf(jsonIn(folder, '1_Pooling/config.json'));
  const prefixes = prefixesOf(jsonIn(folder, 'config_sentence_transformers.json'));
  const longest = jsonIn(folder, 'sentence_bert_config.json');
  const maxTokens = isObject(longest) ? countOf(longest['max_seq_length'], folder.maxTokens) : null;
  return {
    pooling: pooling ?? 'mean',
    prefixes: prefixes ?? NONE,
    maxTokens: maxTokens ?? folder.maxTokens,
    basis: pooling === null ? 'assumed' : 'folder',
  };
}

function jsonIn({ path }: ModelFolder, name: string): unknown {
  const row = fileRow(name);
  return row === null ? null : readJson(path, row);
}

const PLAIN = /\.(Transformer|Pooling|Normalize)$/;

/** A step that we do not run would give other vectors than the model's own. */
function requirePlainModules(modules: unknown): void {
  if (!Array.isArray(modules)) return;
  const types = modules.map((module) => String(isObject(module) ? module['type'] : module));
  const foreign = types.find((type) => !PLAIN.test(type));
  if (foreign === undefined) return;
  throw badModel(
    `modules.json names a step that is not known here: ${JSON.stringify(foreign.slice(0, 100))}`,
  );
}

/** sentence-transformers' `1_Pooling/config.json`: one `pooling_mode_…` is true. Null where the file is missing. */
function poolingOf(config: unknown): Pooling | null {
  if (!isObject(config)) return null;
  const modes = Object.keys(config).filter((key) => /^pooling_mode_/.test(key) && config[key] === true);
  if (modes.length === 1 && modes[0] === 'pooling_mode_mean_tokens') return 'mean';
  if (modes.length === 1 && modes[0] === 'pooling_mode_cls_token') return 'cls';
  throw badModel(
    `1_Pooling/config.json wants a pooling that is not known here: ${modes.join(', ').slice(0, 200)}`,
  );
}

/** `prompts` of `config_sentence_transformers.json`; null where it names none. */
function prefixesOf(config: unknown): Prefixes | null {
  const prompts = isObject(config) ? config['prompts'] : undefined;
  if (!isObject(prompts)) return null;
  const first = (...keys: string[]): string => {
    const value = keys.map((key) => prompts[key]).find((prompt) => typeof prompt === 'string') ?? '';
    if (value.length <= MAX_PREFIX) return value;
    throw badModel(`config_sentence_transformers.json: a prompt is longer than ${MAX_PREFIX} characters`);
  };
  return { query: first('query'), passage: first('passage', 'document', 'corpus') };
}
