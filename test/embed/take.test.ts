import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromFolder } from '../../src/embed/copy.ts';
import { prose } from '../../src/embed/embedder.ts';
import { findInstalled, listInstalled, openInstalled, removeInstalled } from '../../src/embed/installed.ts';
import { loadLibrary } from '../../src/embed/library.ts';
import { readManifest } from '../../src/embed/manifest.ts';
import { takeModel } from '../../src/embed/take.ts';
import { dot } from '../../src/embed/vectors.ts';
import { filesBelow, freshFolder } from '../support/cli.ts';
import { opened, toyFolder } from './support.ts';

const NOW = Date.UTC(2026, 1, 3);

async function take(models: string, path: string, name = 'toy') {
  const library = await loadLibrary();
  const { signal } = new AbortController();
  return takeModel({ models, name, library, nowMs: NOW, signal }, fromFolder(path, signal));
}

const refusal = (message: string) =>
  expect.objectContaining({
    code: 'bad-model',
    message: expect.stringContaining(message) as string,
  }) as Error;

describe('a model is taken', () => {
  test('with its files, private, and what is known of them', async () => {
    const models = freshFolder('models');
    const source = toyFolder({ files: { 'README.md': 'not taken' } });
    const manifest = await take(models, source);
    const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];
    expect(filesBelow(join(models, 'toy'))).toEqual([...names, 'model.json'].sort());
    expect(Object.keys(manifest.files).sort()).toEqual(names.sort());
    expect(readManifest(join(models, 'toy'))).toEqual(manifest);
    expect(manifest).toMatchObject({
      source,
      takenAt: '2026-02-03T00:00:00.000Z',
      id: expect.stringMatching(/^toy-[0-9a-f]{12}$/) as string,
    });
    expect(statSync(join(models, 'toy', 'model.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(models)).toEqual(['toy']);
  });

  test('its id follows the files and the recipe', async () => {
    const models = freshFolder('models');
    const idOf = async (name: string, options = {}) =>
      (await take(models, toyFolder(options), name)).id.slice(-12);
    const first = await idOf('a');
    expect(await idOf('b')).toBe(first);
    expect(await idOf('c', { seed: 'other' })).not.toBe(first);
    expect(
      await idOf('d', {
        files: {
          '1_Pooling/config.json': '{"pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true}',
        },
      }),
    ).toBe(first);
    expect(await idOf('e', { files: { 'sentence_bert_config.json': '{"max_seq_length": 16}' } })).not.toBe(
      first,
    );
  });

  test('a second time under the same name it is not, and the first stands', async () => {
    const models = freshFolder('models');
    const { id } = await take(models, toyFolder());
    await expect(take(models, toyFolder({ seed: 'other' }))).rejects.toMatchObject({ code: 'model-exists' });
    expect(readManifest(join(models, 'toy')).id).toBe(id);
    expect(readdirSync(models)).toEqual(['toy']);
  });

  test('interrupted while it is tried it is not taken', async () => {
    const models = freshFolder('models');
    const interrupt = new AbortController();
    const { signal } = interrupt;
    const onTrial = (): void => interrupt.abort();
    const taking = { models, name: 'toy', library: await loadLibrary(), nowMs: NOW, signal, onTrial };
    await expect(takeModel(taking, fromFolder(toyFolder(), signal))).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(readdirSync(models)).toEqual([]);
  });

  test('nothing stays of one that fails, nor of one that was killed a day ago', async () => {
    const models = freshFolder('models');
    const abandoned = join(models, '.taking-x');
    mkdirSync(abandoned);
    utimesSync(abandoned, NOW / 1000 - 100_000, NOW / 1000 - 100_000);
    mkdirSync(join(models, '.taking-now'));
    const broken = toyFolder();
    truncateSync(join(broken, 'onnx/model_quantized.onnx'), 10_000);
    await expect(take(models, broken)).rejects.toThrow(
      refusal('onnx/model_quantized.onnx or its tokenizer cannot be loaded'),
    );
    expect(readdirSync(models)).toEqual(['.taking-now']);
  });

  test.each([
    [
      'weights that are no weights',
      (path: string) => writeFileSync(join(path, 'onnx/model_quantized.onnx'), 'x'.repeat(999)),
      'cannot be loaded',
    ],
    [
      'weights without a byte',
      (path: string) => truncateSync(join(path, 'onnx/model_quantized.onnx'), 0),
      'cannot be loaded',
    ],
    [
      'a tokenizer of some other kind',
      (path: string) => writeFileSync(join(path, 'tokenizer.json'), '{"model": {"vocab": {"a": 1}}}'),
      '',
    ],
  ])('%s', async (_, spoil, message) => {
    const models = freshFolder('models');
    const folder = toyFolder();
    spoil(folder);
    await expect(take(models, folder)).rejects.toThrow(refusal(message));
    expect(readdirSync(models)).toEqual([]);
  });

  test('weights that lack a word which the tokenizer has', async () => {
    const folder = toyFolder();
    const tokenizer = join(folder, 'tokenizer.json');
    writeFileSync(tokenizer, readFileSync(tokenizer, 'utf8').replace(/"cat":\d+/, '"cat":999'));
    const config = '{"model_type": "bert", "hidden_size": 384, "vocab_size": 1000}';
    writeFileSync(join(folder, 'config.json'), config);
    await expect(take(freshFolder('models'), folder)).rejects.toThrow(refusal('the weights cannot be run'));
  });

  test('weights of another width than the configuration promises', async () => {
    const config = '{"model_type": "bert", "hidden_size": 384, "vocab_size": 100}';
    const folder = toyFolder({ dimensions: 128, files: { 'config.json': config } });
    await expect(take(freshFolder('models'), folder)).rejects.toThrow(refusal('128 values where'));
  });

  test('under the name of a known model only with its vectors', async () => {
    await expect(take(freshFolder('models'), toyFolder(), 'e5-small-v2')).rejects.toThrow(
      refusal('do not give the vectors of e5-small-v2'),
    );
  });
});

describe('a taken model', () => {
  test('is listed, opened and removed', async () => {
    const models = freshFolder('models');
    const { id } = await take(models, toyFolder());
    await take(models, toyFolder(), 'another');
    expect(listInstalled(models, 'content').map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'another sound',
      'toy sound',
    ]);
    const embedder = await openInstalled(models, 'toy');
    expect(embedder).toMatchObject({ id, dimensions: 384, maxTokens: 64 });
    expect(await embedder.embedQueries([])).toEqual([]);
    await embedder.close();
    await removeInstalled(models, 'toy');
    expect(readdirSync(models)).toEqual(['another']);
    await expect(removeInstalled(models, 'toy')).rejects.toMatchObject({ code: 'model-missing' });
    await expect(openInstalled(models, 'toy')).rejects.toMatchObject({ code: 'model-missing' });
    await expect(removeInstalled(models, '../models')).rejects.toMatchObject({ code: 'bad-name' });
    expect(existsSync(models)).toBe(true);
  });

  test('that was changed is found: a length at once, a byte when all are read', async () => {
    const models = freshFolder('models');
    await take(models, toyFolder());
    const weights = join(models, 'toy', 'onnx/model_quantized.onnx');
    const { size } = statSync(weights);
    writeFileSync(weights, Buffer.alloc(size));
    expect(findInstalled(models, 'toy', 'sizes')?.kind).toBe('sound');
    expect(findInstalled(models, 'toy', 'content')).toMatchObject({
      kind: 'damaged',
      problem: 'onnx/model_quantized.onnx has changed',
    });
    truncateSync(weights, 5);
    await expect(openInstalled(models, 'toy')).rejects.toMatchObject({
      code: 'model-damaged',
      message: `the model toy is damaged: onnx/model_quantized.onnx has 5 bytes instead of ${size}`,
    });
    writeFileSync(join(models, 'toy', 'model.json'), '{"schemaVersion": 1, "files": {"../../x": {}}}');
    expect(findInstalled(models, 'toy', 'sizes')).toMatchObject({
      problem: expect.stringContaining('not what this version writes') as string,
    });
    writeFileSync(join(models, 'stray'), '');
    mkdirSync(join(models, 'empty'));
    expect(listInstalled(models, 'sizes').map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'empty damaged',
      'toy damaged',
    ]);
  });
});

test.each(['onnx/model_quantized.onnx', 'onnx/model.onnx'] as const)(
  '%s: a vector does not depend on its company',
  async (weights) => {
    const embedder = await opened(toyFolder({ weights }), 'toy');
    const texts = [
      'how are the words counted',
      'cat',
      '',
      'roof '.repeat(500),
      'the cat sleeps on the warm roof all day long',
    ];
    const together = await embedder.embedPassages(texts.map(prose));
    for (const [at, text] of texts.entries()) {
      const [alone] = await embedder.embedPassages([prose(text)]);
      expect(dot(alone ?? [], together[at] ?? [])).toBeGreaterThan(0.9999);
    }
    await embedder.close();
  },
);

test('what is too long is cut before its last token, which tells the model where a text ends', async () => {
  const embedder = await opened(toyFolder(), 'toy');
  // 64 tokens: [CLS], 62 words, [SEP].
  const [cut, fits, shorter] = await embedder.embedPassages(
    [500, 62, 61].map((count) => prose('roof '.repeat(count))),
  );
  expect([...(cut ?? [])]).toEqual([...(fits ?? [])]);
  expect([...(cut ?? [])]).not.toEqual([...(shorter ?? [])]);
  await embedder.close();
});
