import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspectFolder } from '../../src/embed/folder.ts';
import { recipeOf } from '../../src/embed/recipe.ts';
import { freshFolder } from '../support/cli.ts';
import { toyFolder } from './support.ts';

const refusal = (message: string | RegExp) =>
  expect.objectContaining({ code: 'bad-model', message: expect.stringMatching(message) as string }) as Error;

describe('the shape of a folder', () => {
  test('a model is one, with its int8 weights before the others', () => {
    const folder = toyFolder();
    copyFileSync(join(folder, 'onnx/model_quantized.onnx'), join(folder, 'onnx/model.onnx'));
    const found = inspectFolder(folder);
    expect(found).toMatchObject({ weights: 'onnx/model_quantized.onnx', maxTokens: 64 });
    expect(found.files.map(({ name }) => name)).not.toContain('onnx/model.onnx');
    rmSync(join(folder, 'onnx/model_quantized.onnx'));
    expect(inspectFolder(folder).weights).toBe('onnx/model.onnx');
  });

  test('a link within the folder is its file', () => {
    const folder = toyFolder();
    renameSync(join(folder, 'tokenizer.json'), join(folder, 'blob'));
    symlinkSync('blob', join(folder, 'tokenizer.json'));
    expect(inspectFolder(folder).files).toHaveLength(4);
  });

  const file = (name: string, text: string) => (folder: string) => writeFileSync(join(folder, name), text);
  const gone = (name: string) => (folder: string) => rmSync(join(folder, name));
  const away = (name: string) => (folder: string) => {
    const other = join(freshFolder('other'), 'secret.json');
    renameSync(join(folder, name), other);
    symlinkSync(other, join(folder, name));
  };
  const damage: readonly (readonly [string, (folder: string) => void, RegExp])[] = [
    ['no tokenizer', gone('tokenizer.json'), /has no tokenizer\.json/],
    ['no configuration', gone('config.json'), /has no config\.json/],
    ['no weights', gone('onnx/model_quantized.onnx'), /has no weights/],
    ['a link out of it', away('tokenizer.json'), /tokenizer\.json is a link out of its folder/],
    ['weights behind a link', away('onnx/model_quantized.onnx'), /is a link out of its folder/],
    [
      'another width',
      file('config.json', '{"hidden_size": 768, "vocab_size": 40}'),
      /768 dimensions.*holds 384/,
    ],
    ['no width', file('config.json', '{}'), /unknown number of dimensions/],
    ['a width that is text', file('config.json', '{"hidden_size": "384"}'), /unknown number/],
    ['no JSON', file('config.json', '{'), /config\.json is no JSON/],
    ['text that a terminal would obey', file('config.json', '\u001b[2J'), /^[ -~]+$/],
    ['a list for an object', file('config.json', '[]'), /holds no JSON object/],
    [
      'words beyond the table',
      file('config.json', '{"hidden_size": 384, "vocab_size": 5}'),
      /do not belong together/,
    ],
    ['no vocabulary', file('tokenizer.json', '{"model": {"vocab": {}}}'), /holds no vocabulary/],
    [
      'numbers that are none',
      file('tokenizer.json', '{"model": {"vocab": {"a": -1}}}'),
      /do not belong together/,
    ],
    [
      'a configuration of a gigabyte',
      (folder) => truncateSync(join(folder, 'config.json'), 2 ** 30),
      /is larger than/,
    ],
    [
      'a pipe that nobody writes to',
      (folder) => (gone('config.json')(folder), void execFileSync('mkfifo', [join(folder, 'config.json')])),
      /config\.json is no file/,
    ],
    [
      'a folder for a file',
      (folder) => (gone('config.json')(folder), void mkdirSync(join(folder, 'config.json'))),
      /is no file/,
    ],
  ];
  test.each(damage)('%s', (_, spoil, message) => {
    const folder = toyFolder();
    spoil(folder);
    expect(() => inspectFolder(folder)).toThrow(refusal(message));
  });

  test('an archive and a path to nowhere are no folder', () => {
    const archive = join(freshFolder('model'), 'model.tar.gz');
    writeFileSync(archive, '');
    for (const path of [archive, '/nowhere/at/all'])
      expect(() => inspectFolder(path)).toThrow(refusal('is no folder'));
  });
});

describe('how the vectors are made', () => {
  const recipe = (name: string, files: Readonly<Record<string, object>> = {}) => {
    const texts = Object.entries(files).map(([path, value]) => [path, JSON.stringify(value)]);
    return recipeOf(
      name,
      inspectFolder(toyFolder({ files: Object.fromEntries(texts) as Record<string, string> })),
    );
  };

  test('by name, whatever the folder says', () => {
    const known = recipe('e5-small-v2', { '1_Pooling/config.json': { pooling_mode_cls_token: true } });
    const prefixes = { query: 'query: ', passage: 'passage: ' };
    expect(known).toEqual({ pooling: 'mean', prefixes, maxTokens: 64, basis: 'known' });
    expect(recipe('bge-small-en-v1.5')).toMatchObject({ pooling: 'cls', prefixes: { passage: '' } });
    expect(recipe('constructor')).toMatchObject({ basis: 'assumed' });
  });

  test('as sentence-transformers wrote it', () => {
    const read = recipe('mine', {
      'modules.json': [{ type: 'sentence_transformers.models.Transformer' }, { type: 'x.Normalize' }],
      '1_Pooling/config.json': { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false },
      'config_sentence_transformers.json': { prompts: { query: 'q: ', document: 'd: ' } },
      'sentence_bert_config.json': { max_seq_length: 32 },
    });
    expect(read).toEqual({
      pooling: 'cls',
      prefixes: { query: 'q: ', passage: 'd: ' },
      maxTokens: 32,
      basis: 'folder',
    });
  });

  test('else the mean, and that is said', () => {
    expect(recipe('mine')).toEqual({
      ...{ pooling: 'mean', prefixes: { query: '', passage: '' }, maxTokens: 64, basis: 'assumed' },
    });
  });

  test('steps that are not run here are refused', () => {
    const dense = [{ type: 'sentence_transformers.models.Dense' }];
    expect(() => recipe('mine', { 'modules.json': dense })).toThrow(refusal('not known here'));
    const max = { pooling_mode_max_tokens: true };
    expect(() => recipe('mine', { '1_Pooling/config.json': max })).toThrow(
      refusal('pooling_mode_max_tokens'),
    );
    const prompts = { query: 'x'.repeat(501) };
    expect(() => recipe('mine', { 'config_sentence_transformers.json': { prompts } })).toThrow(
      refusal('longer than'),
    );
  });
});
