import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Hub } from '../../src/embed/download.ts';
import { fromHub } from '../../src/embed/download.ts';
import { loadLibrary } from '../../src/embed/library.ts';
import { takeModel } from '../../src/embed/take.ts';
import { openTransport } from '../../src/llm/transport.ts';
import { freshFolder } from '../support/cli.ts';
import type { Behaviour, HubServer } from '../support/hub-server.ts';
import { startHub } from '../support/hub-server.ts';
import { toyFolder } from './support.ts';

const WEIGHTS = 'onnx/model_quantized.onnx';
let server: HubServer;
let models: string;
beforeEach(async () => {
  server = await startHub({ 'me/toy': toyFolder() });
  models = freshFolder('models');
});
afterEach(() => server.close());

async function pull(more: Partial<Hub> = {}) {
  const { fetch, close } = await openTransport({ connectMs: 5_000 });
  const signal = new AbortController().signal;
  const quiet = { onFile: () => undefined, onBytes: () => undefined };
  const hub: Hub = { endpoint: server.url, fetch, signal, stalledMs: 20_000, retryMs: 1, ...quiet, ...more };
  try {
    const library = await loadLibrary();
    return await takeModel(
      { models, name: 'toy', library, nowMs: 0, signal: hub.signal },
      fromHub(hub, 'me/toy'),
    );
  } finally {
    await close();
  }
}

/** Nothing was taken, and this was said. */
async function fails(code: string, message: string | RegExp, more: Partial<Hub> = {}): Promise<void> {
  await expect(pull(more)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  expect(readdirSync(models)).toEqual([]);
}

const to =
  (location: string): Behaviour =>
  (_, response) =>
    void response.writeHead(302, { location }).end();
const status =
  (code: number): Behaviour =>
  (_, response) =>
    void response.writeHead(code).end('no');

test('what is pulled is what the hub has, and only what is read of it is asked for', async () => {
  const seen: string[] = [];
  let bytes = 0;
  const { files, source } = await pull({
    onFile: (name) => seen.push(name),
    onBytes: (more) => (bytes += more),
  });
  expect(source).toBe(`${server.url}/me/toy`);
  expect(seen).toEqual(['config.json', 'tokenizer_config.json', 'tokenizer.json', WEIGHTS]);
  expect(bytes).toBe(Object.values(files).reduce((sum, file) => sum + file.bytes, 0));
  expect(server.asked).toHaveLength(8);
  expect(readdirSync(join(models, 'toy')).sort()).toEqual(
    ['config.json', 'model.json', 'onnx', 'tokenizer.json', 'tokenizer_config.json'].sort(),
  );
});

test('redirects are followed, relative ones too', async () => {
  server.behave.set('config.json', to('/me/toy/resolve/main/elsewhere/config.json'));
  server.behave.set('elsewhere/config.json', (_, response) => {
    response.writeHead(307, { location: `${server.url}/blobs/me/toy/resolve/main/` });
    response.end();
  });
  await fails('model-missing', /has no me\/toy\/config\.json/);
  const config = JSON.stringify({ model_type: 'bert', hidden_size: 384, vocab_size: 60 });
  server.behave.set('elsewhere/config.json', (_, response) => void response.end(config));
  expect(Object.keys((await pull()).files)).toContain('config.json');
});

describe('a hub that misbehaves leaves nothing behind', () => {
  const cases: readonly (readonly [string, string, Behaviour, string, RegExp])[] = [
    ['has no such file', 'tokenizer.json', status(404), 'model-missing', /has no me\/toy\/tokenizer\.json/],
    ['wants a login', 'config.json', status(401), 'model-missing', /without a login, or does not exist/],
    ['is overloaded', WEIGHTS, status(503), 'download-failed', /answered with status 503/],
    [
      'sends nothing at all',
      'config.json',
      (request) => void request.socket.destroy(),
      'download-failed',
      /could not be fetched/,
    ],
    [
      'breaks off',
      WEIGHTS,
      (_, response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('x'.repeat(10));
        setTimeout(() => response.destroy(), 20);
      },
      'download-failed',
      /could not be fetched/,
    ],
    [
      'announces less than there is',
      'tokenizer.json',
      (_, response) =>
        void response.writeHead(200, { 'content-length': 10 }).end('{"model": {"vocab": {}}}'.slice(0, 10)),
      'bad-model',
      /tokenizer\.json is no JSON/,
    ],
    [
      'announces more than is allowed',
      'config.json',
      (_, response) => void response.writeHead(200, { 'content-length': 2 ** 31 }).write('{'),
      'bad-model',
      /config\.json is larger than/,
    ],
    [
      'never ends',
      'config.json',
      (_, response) => {
        response.writeHead(200);
        const more = (): void => {
          while (!response.destroyed && response.write(' '.repeat(65_536)));
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      },
      'bad-model',
      /config\.json is larger than/,
    ],
    ['sends a page', WEIGHTS, (_, response) => void response.end('<html>'), 'bad-model', /cannot be loaded/],
    [
      'leads in a circle',
      'config.json',
      to('/me/toy/resolve/main/config.json'),
      'download-failed',
      /more than 5 times/,
    ],
    ['leads to a file', 'config.json', to('file:///etc/passwd'), 'download-failed', /not followed \(file:\)/],
    [
      'leads to another protocol',
      WEIGHTS,
      to('ftp://example.org/x'),
      'download-failed',
      /not followed \(ftp:\)/,
    ],
    ['leads nowhere', 'config.json', status(302), 'download-failed', /leads nowhere/],
  ];
  test.each(cases)('%s', async (_, file, behaviour, code, message) => {
    server.behave.set(file, behaviour);
    await fails(code, message);
  });

  test.each<[string, Behaviour]>([
    ['is overloaded', status(503)],
    ['limits the rate', status(429)],
    [
      'breaks off',
      (_, response) =>
        void response.writeHead(200, { 'content-length': 99 }).write('x', () => response.destroy()),
    ],
  ])('%s, and is asked again', async (_, behaviour) => {
    let times = 0;
    server.behave.set(WEIGHTS, (request, response) => {
      times += 1;
      if (times === 3) server.behave.delete(WEIGHTS);
      behaviour(request, response);
    });
    await pull();
    expect(server.asked.filter((path) => path.endsWith(WEIGHTS))).toHaveLength(4);
  });

  test('is asked four times at most, and once where it would say the same again', async () => {
    const asked = (): number => server.asked.filter((path) => path.endsWith(WEIGHTS)).length;
    server.behave.set(WEIGHTS, status(500));
    await fails('download-failed', /answered with status 500/);
    expect(asked()).toBe(4);
    server.behave.set(WEIGHTS, to('file:///etc/passwd'));
    await fails('download-failed', /not followed/);
    expect(asked()).toBe(5);
  });

  test('falls silent', async () => {
    server.behave.set(
      WEIGHTS,
      (_, response) => void response.writeHead(200, { 'content-length': 9 }).write('x'),
    );
    await fails('download-failed', /sent nothing for 0\.2 s/, { stalledMs: 200 });
  });

  test('is not there', async () => {
    await server.close();
    await fails('download-failed', /could not be fetched.*ECONNREFUSED/);
  });
});

test('from https no redirect leads to plain http', async () => {
  const asked: string[] = [];
  const fetch = ((url: string) => {
    asked.push(url);
    return Promise.resolve(
      new Response(null, { status: 302, headers: { location: 'http://example.org/x?signature=1' } }),
    );
  }) as unknown as Hub['fetch'];
  await fails('download-failed', /not followed \(http:\)$/, { endpoint: 'https://hub.example', fetch });
  expect(asked).toHaveLength(1);
});

test('an interrupt ends it, and nothing is left', async () => {
  const interrupt = new AbortController();
  server.behave.set(WEIGHTS, (_, response) => {
    response.writeHead(200, { 'content-length': 99 }).write('x');
    setTimeout(() => interrupt.abort(), 20);
  });
  await expect(pull({ signal: interrupt.signal })).rejects.toMatchObject({ name: 'AbortError' });
  expect(readdirSync(models)).toEqual([]);
});
