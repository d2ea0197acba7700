import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/report/model.ts';
import type { SearchReport } from '../../src/report/search-model.ts';
import { homeWith } from '../commands/support.ts';
import { folderWith, freshFolder, rustassistant, writeFiles } from '../support/cli.ts';
import { moduleText } from '../support/rust-tree.ts';
import { connect, PROGRAM, valueOf } from './support.ts';

const SMALL = { 'src/lib.rs': 'pub fn anchor() -> u8 {\n    1\n}\n' };

/** So many modules that the first index takes a while. */
function large(files: number): string {
  return folderWith(
    Object.fromEntries(Array.from({ length: files }, (_, at) => [`src/m${at}.rs`, moduleText(at)])),
  );
}

const places = ({ results }: SearchReport): string[] =>
  results.map(({ path, startLine, name }) => `${path}:${startLine} ${name}`);

describe('between calls', () => {
  test('a changed, a new and a removed file are seen', async () => {
    const folder = folderWith(SMALL);
    const { client, call } = await connect({ home: homeWith(), cwd: folder });
    const search = async (query: string) => places(valueOf<SearchReport>(await call('search', { query })));
    expect(await search('anchor')).toEqual(['src/lib.rs:1 anchor']);
    writeFiles(folder, {
      'src/lib.rs': '// down\n\npub fn anchor() {}\n',
      'src/new.rs': 'pub fn quay() {}\n',
    });
    expect(await search('anchor')).toEqual(['src/lib.rs:3 anchor']);
    expect(await search('quay')).toEqual(['src/new.rs:1 quay']);
    writeFiles(folder, {
      'src/new.rs':
        'pub fn f(d: &str) { std::process::Command::new("sh").arg("-c").arg(format!("ls {d}")); }\n',
    });
    const { repositories } = valueOf<Report>(await call('findings'));
    expect(repositories[0]?.files.map(({ path }) => path)).toEqual(['src/new.rs']);
    expect(await search('quay')).toEqual([]);
    await client.close();
  });

  test('settings are read anew', async () => {
    const folder = folderWith({ 'src/lib.rs': 'pub static mut TABLE: u8 = 0;\n' });
    const { client, call } = await connect({ home: homeWith(), cwd: folder });
    const rules = async (): Promise<string[]> =>
      valueOf<Report>(await call('findings', { severity: 'info' })).repositories.flatMap(({ files }) =>
        files.flatMap(({ findings }) => findings.map(({ rule }) => rule)),
      );
    expect(await rules()).toContain('static-mut');
    writeFiles(folder, { '.rustassistant.toml': '[rules]\nstatic-mut = "off"\n' });
    expect(await rules()).not.toContain('static-mut');
    await client.close();
  });
});

describe('calls at the same time', () => {
  test('of all tools, in one repository and in two, are all answered rightly', async () => {
    const [one, two] = [large(60), folderWith(SMALL)];
    const { client, call } = await connect({ home: homeWith(), cwd: one, args: ['--root', one, two] });
    const calls = Array.from({ length: 4 }, (_, at) => [
      call('search', { query: `Counter${at}`, limit: 1, paths: [one] }),
      call('search', { query: 'anchor', limit: 1, paths: [two] }),
      call('context', { task: 'advance the counter', tokens: 500 }),
      call('outline', { paths: [two] }),
      call('findings', { paths: [at % 2 === 0 ? one : two] }),
    ]).flat();
    const answers = await Promise.all(calls);
    expect(answers.filter(({ isError }) => isError === true)).toEqual([]);
    const found = answers.filter((_, at) => at % 5 === 0).map((answer) => valueOf<SearchReport>(answer));
    expect(found.map(({ results }) => results[0]?.name)).toEqual([0, 1, 2, 3].map((at) => `Counter${at}`));
    await client.close();
  });
});

describe('a long call', () => {
  test('tells how far it is', async () => {
    const { client, call } = await connect({ home: homeWith(), cwd: large(300) });
    const told: number[] = [];
    await call('search', { query: 'Counter7' }, { onprogress: ({ progress }) => told.push(progress) });
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    await client.close();
  });

  test('can be cancelled, and holds no other up', async () => {
    const agent = await connect({ home: homeWith(), cwd: large(1_500), args: ['--verbose'] });
    const cancel = new AbortController();
    const options = { signal: cancel.signal, onprogress: () => cancel.abort('enough') };
    await expect(agent.call('search', { query: 'Counter7' }, options)).rejects.toThrow('enough');
    const found = valueOf<SearchReport>(await agent.call('search', { query: 'Counter1499', limit: 1 }));
    expect(found.results[0]?.name).toBe('Counter1499');
    expect(agent.stderr().match(/^search: /gm)).toHaveLength(1);
    await agent.client.close();
  });
});

/** The server with its streams bare. */
class Bare {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(cwd: string, args: readonly string[] = []) {
    const home = homeWith();
    const env = { PATH: process.env['PATH'], HOME: home, RUSTASSISTANT_HOME: home };
    this.child = spawn(process.execPath, [PROGRAM, 'mcp', ...args], { env, cwd });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve) => this.child.on('close', resolve));
  }

  send(message: object): void {
    this.child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  initialize(): void {
    const params = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 't', version: '1' },
    };
    this.send({ id: 'first', method: 'initialize', params });
    this.send({ method: 'notifications/initialized' });
  }

  callTool(id: string, name: string, args: object): void {
    this.send({ id, method: 'tools/call', params: { name, arguments: args } });
  }

  /** Waits until the server has written this. */
  async written(text: string): Promise<void> {
    while (!this.stdout.includes(text))
      await new Promise((resolve) => this.child.stdout.once('data', resolve));
  }

  messages(): { readonly id?: string; readonly result?: object }[] {
    const lines = this.stdout.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as { readonly id?: string });
  }
}

describe('the end', () => {
  test('stdin closed: what was asked is answered, and the status is 0', async () => {
    const server = new Bare(folderWith(SMALL));
    server.initialize();
    server.callTool('a', 'search', { query: 'anchor' });
    server.callTool('b', 'findings', {});
    server.child.stdin.end();
    expect(await server.ended).toBe(0);
    expect(server.messages().map(({ id }) => id)).toEqual(expect.arrayContaining(['first', 'a', 'b']));
    expect(server.stderr).toBe('');
  });

  test('closed before anything was said', async () => {
    expect(await rustassistant(freshFolder('home'), ['mcp'])).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s: status 130, idle or at work', async (signal) => {
    const idle = new Bare(folderWith(SMALL));
    idle.initialize();
    await idle.written('"id":"first"');
    idle.child.kill(signal);
    expect(await idle.ended).toBe(130);
    const busy = new Bare(large(1_500));
    busy.initialize();
    const params = { name: 'search', arguments: { query: 'Counter' }, _meta: { progressToken: 1 } };
    busy.send({ id: 'long', method: 'tools/call', params });
    await busy.written('notifications/progress');
    busy.child.kill(signal);
    expect(await busy.ended).toBe(130);
    expect(JSON.stringify(busy.messages().find(({ id }) => id === 'long'))).toContain(
      'search was broken off',
    );
  });

  test('a mistake on the command line is two lines on stderr', async () => {
    const folder = freshFolder('home');
    const none = join(folder, 'none');
    expect(await rustassistant(folder, ['mcp', '--root', none])).toEqual({
      status: 2,
      stdout: '',
      stderr: `error: ${none} does not exist\nGive --root a folder that is there.\n`,
    });
  });
});

test('nothing but the protocol is on stdout, and what is no message of it is survived', async () => {
  const server = new Bare(folderWith(SMALL), ['--verbose']);
  server.initialize();
  server.child.stdin.write('this is no JSON\n{"neither": "is this"}\n');
  server.callTool('a', 'search', { query: 'anchor' });
  await server.written('"id":"a"');
  server.child.stdin.end();
  expect(await server.ended).toBe(0);
  expect(server.messages().map(({ id }) => id)).toEqual(['first', 'a']);
  expect(server.stderr).toMatch(/^note: [^\n]*JSON[^\n]*\nnote: [^\n]*\nsearch: \d+ ms\n$/);
});
