import { existsSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DoctorReport } from '../../src/report/doctor.ts';
import type {
  ModelsListReport,
  ModelsRemoveReport,
  ModelsTakeReport,
} from '../../src/report/models-model.ts';
import { freshFolder, rustassistant } from '../support/cli.ts';
import type { HubServer } from '../support/hub-server.ts';
import { startHub } from '../support/hub-server.ts';
import { schemaErrors } from '../support/schema.ts';
import { toyModel } from '../support/toy-model.ts';
import type { CommandOptions } from './support.ts';
import { command, homeWith, json } from './support.ts';

const toy = (name = 'toy', seed = ''): string => toyModel(join(freshFolder('model'), name), { seed });
const modelsOf = (home: string): string => join(home, 'cache', 'embedding_models');

async function checked<Body>(
  schema: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<Body> {
  const body = await json<Body>(['models', ...args], options);
  expect(schemaErrors(schema, body)).toEqual([]);
  return body;
}

describe('add', () => {
  test('takes a folder under its own name, and says how to use it', async () => {
    const home = homeWith();
    const folder = toy();
    const { status, stdout } = await command(['models', 'add', folder], { home });
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^Took toy: [\d.]+ kB, mean pooling \(assumed\), 64 tokens\.\n.*without prefixes\.\n/,
    );
    expect(stdout).toContain('model = "toy"');
    const again = await checked<ModelsTakeReport>('models-take', ['add', folder], { home });
    expect(again).toMatchObject({
      status: 'present',
      model: { name: 'toy', status: 'ok', facts: { source: folder } },
    });
  });

  test('a relative path, another name', async () => {
    const home = homeWith();
    const folder = toy();
    const options = { home, cwd: join(folder, '..') };
    const taken = await checked<ModelsTakeReport>('models-take', ['add', 'toy', '--name', 'mine'], options);
    expect(taken).toMatchObject({ status: 'taken', model: { name: 'mine', inUse: false } });
  });

  test('another model under the same name is refused, and so is a name that leads elsewhere', async () => {
    const home = homeWith();
    await command(['models', 'add', toy()], { home });
    const other = await command(['models', 'add', toy('toy', 'other')], { home });
    expect(other).toMatchObject({ status: 2, stdout: '' });
    expect(other.stderr).toBe(
      'error: there is another model named toy\nRemove it first: rustassistant models remove toy (or give another name: --name)\n',
    );
    for (const name of ['../toy', '..', 'a/b', 'builtin']) {
      const { status, stderr } = await command(['models', 'add', toy(), '--name', name], { home });
      expect([name, status, stderr]).toEqual([
        name,
        2,
        expect.stringMatching(/^error: .* (is no name|names the embedder)/),
      ]);
    }
    expect(readdirSync(modelsOf(home))).toEqual(['toy']);
  });

  test('what is no model is told in two lines, and makes no home', async () => {
    const home = join(homeWith(), 'not-there');
    const { status, stderr } = await command(['models', 'add', freshFolder('empty')], { home, cwd: '/' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: .* has no config\.json\nWanted: .*\n$/);
    expect(existsSync(home)).toBe(false);
  });
});

describe('pull', () => {
  let server: HubServer;
  beforeAll(async () => {
    server = await startHub({ 'me/toy': toy() });
  });
  afterAll(() => server.close());
  const at = (home: string): CommandOptions => ({
    home,
    env: { HF_ENDPOINT: server.url, HTTP_PROXY: 'http://127.0.0.1:1' },
  });

  test('fetches a repository once', async () => {
    const home = homeWith();
    const taken = await checked<ModelsTakeReport>('models-take', ['pull', 'me/toy'], at(home));
    expect(taken).toMatchObject({
      status: 'taken',
      model: { name: 'toy', facts: { source: `${server.url}/me/toy` } },
    });
    const asked = server.asked.length;
    expect((await command(['models', 'pull', 'me/toy'], at(home))).stdout).toContain('toy is there already');
    expect(server.asked).toHaveLength(asked);
  });

  test('what it has not, a name that is none, a mirror that is none', async () => {
    const home = homeWith();
    const none = await command(['models', 'pull', 'e5-small-v2'], at(home));
    expect(none).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('has no Xenova/e5-small-v2/config.json') as string,
    });
    for (const name of ['nothing', '../x', 'a/b/c', '']) {
      expect((await command(['models', 'pull', name], at(home))).stderr).toContain('no model that is known');
    }
    const mirror = await command(['models', 'pull', 'me/toy'], {
      home,
      env: { HF_ENDPOINT: 'http://example.org' },
    });
    expect(mirror).toMatchObject({ status: 2, stderr: expect.stringContaining('plain http') as string });
    expect(existsSync(modelsOf(home)) ? readdirSync(modelsOf(home)) : []).toEqual([]);
  });

  test('interrupted it leaves nothing, and says 130', async () => {
    const home = freshFolder('home');
    const env = { HF_ENDPOINT: server.url };
    const ran = await rustassistant(home, ['models', 'pull', 'me/toy'], {
      env,
      onStart: (kill) => {
        server.behave.set('tokenizer.json', (_, response) => {
          response.writeHead(200, { 'content-length': 99 }).write('{');
          setTimeout(() => kill('SIGINT'), 20);
        });
      },
    });
    server.behave.clear();
    expect(ran).toMatchObject({ status: 130, stdout: '' });
    expect(readdirSync(join(home, 'ra', 'cache', 'embedding_models'))).toEqual([]);
    expect((await rustassistant(home, ['models', 'pull', 'me/toy'], { env })).status).toBe(0);
  });
});

describe('list, remove, doctor', () => {
  const list = (home: string, ...args: string[]) =>
    checked<ModelsListReport>('models-list', ['list', ...args], { home });
  const embedding = async (home: string) =>
    (await json<DoctorReport>(['doctor'], { home })).checks.filter(({ name }) => name === 'embedding');

  test('a fresh home has none but the one that comes with the program, and is not made by looking', async () => {
    const home = join(homeWith(), 'not-there');
    const [first, ...rest] = (await command(['models', 'list'], { home, cwd: '/' })).stdout.split('\n');
    expect(first).toMatch(/^\* {2}builtin {2}[\d.]+ MB {2}builtin-[\da-f]{12}-\d +comes with the program$/);
    expect(rest).toEqual([
      '',
      `No model was taken into ${modelsOf(home)}.`,
      'embedding.model (default) names builtin.',
      '',
    ]);
    expect(existsSync(home)).toBe(false);
    expect(await embedding(homeWith())).toMatchObject([
      { status: 'ok', message: expect.stringMatching(/^builtin-/) as string },
    ]);
  });

  test('the one that the settings name is marked; missing, damaged, removed is told', async () => {
    const home = homeWith('[embedding]\nmodel = "toy"\n');
    expect((await list(home)).models).toEqual([]);
    expect((await command(['models', 'list'], { home })).stdout).toContain(
      'embedding.model (config.toml:2) names toy, which is not there.',
    );
    expect(await embedding(home)).toMatchObject([
      { status: 'fail', hint: expect.stringContaining('models pull toy') as string },
    ]);
    await command(['models', 'add', toy()], { home });
    await command(['models', 'add', toy('other')], { home });
    expect((await list(home)).models).toMatchObject([
      { name: 'other', inUse: false, status: 'ok' },
      { name: 'toy', inUse: true, status: 'ok', problem: null },
    ]);
    expect((await command(['models', 'list'], { home })).stdout).toMatch(
      /^\* +toy +[\d.]+ kB +mean pooling/m,
    );
    expect(await embedding(home)).toMatchObject([{ status: 'ok' }]);

    const weights = join(modelsOf(home), 'toy', 'onnx/model_quantized.onnx');
    const bytes = readFileSync(weights);
    writeFileSync(weights, bytes.fill(7));
    expect((await command(['models', 'list'], { home })).status).toBe(0);
    const verified = await command(['models', 'list', '--verify'], { home });
    expect(verified.status).toBe(2);
    expect(verified.stdout).toContain('damaged: onnx/model_quantized.onnx has changed');
    truncateSync(weights, 3);
    expect((await list(home)).models[1]).toMatchObject({ status: 'damaged', facts: null });
    expect(await embedding(home)).toMatchObject([{ status: 'fail' }]);
    const again = await command(['models', 'add', toy()], { home });
    expect(again.stderr).toContain('a damaged model (onnx/model_quantized.onnx has 3 bytes');

    const { stdout } = await command(['models', 'remove', 'toy'], { home });
    expect(stdout).toBe(
      'Removed toy.\nembedding.model (config.toml:2) still names it: set it to "builtin".\n',
    );
    const removed = await checked<ModelsRemoveReport>('models-remove', ['remove', 'other'], { home });
    expect(removed).toEqual({ schemaVersion: 1, removed: 'other', stillNamedBy: null });
    const gone = await command(['models', 'remove', 'other'], { home });
    expect(gone).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no model other') as string,
    });
    rmSync(home, { recursive: true });
  });

  test('alone it shows its parts', async () => {
    const { status, stdout } = await command(['models'], { home: homeWith() });
    expect(status).toBe(0);
    for (const part of ['pull', 'add', 'list', 'remove']) expect(stdout).toContain(`  ${part} [`);
    expect(stdout).toContain('Examples:');
  });
});
