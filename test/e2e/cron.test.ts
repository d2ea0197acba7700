import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CronReport } from '../../src/report/cron.ts';
import type { LlmServer } from '../support/llm-server.ts';
import { startLlmServer } from '../support/llm-server.ts';
import type { Ran } from '../support/cli.ts';
import { folderWith, freshFolder, rustassistant, writeFiles } from '../support/cli.ts';
import { schemaErrors } from '../support/schema.ts';

const KEY = 'xai-0123456789';

let server: LlmServer;
beforeAll(async () => {
  server = await startLlmServer({ key: KEY });
});
afterAll(() => server.close());

/** The fields of a line that say when. */
const WHEN = 5;

/** What cron does with a line: `%` ends a command, `\%` is one (crontab(5)), sh runs it. Nothing of a login is there. */
function byCron(line: string): Promise<Ran> {
  const [command = ''] = line
    .split(' ')
    .slice(WHEN)
    .join(' ')
    .split(/(?<!\\)%/);
  return withoutAnything(command.replaceAll('\\%', '%'));
}

/** A command line in an empty environment. */
function withoutAnything(command: string): Promise<Ran> {
  return new Promise((resolve) => {
    execFile('env', ['-i', '/bin/sh', '-c', command], { cwd: '/' }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ status, stdout, stderr });
    });
  });
}

/** Where everything lies, with these settings and one tracked repository. */
async function homeWith(settings: string, name = 'ra'): Promise<{ home: string; folder: string }> {
  const home = join(freshFolder('home'), name);
  mkdirSync(home, { mode: 0o700 });
  writeFileSync(join(home, 'config.toml'), settings);
  const folder = folderWith({ 'src/lib.rs': 'pub fn f(t: &str) -> u8 { t.parse().unwrap() }\n' });
  await rustassistant(home, ['repo', 'add', folder], { env: { RUSTASSISTANT_HOME: home } });
  return { home, folder };
}

function paidSettings(keyFile: string, { url }: LlmServer = server): string {
  return `[llm]
provider = "openai-compatible"
base_url = "${url}"
model = "grok-4.3"
key_file = "${keyFile}"
price_input = 1.25
price_output = 2.5
`;
}

function keyFile(): string {
  const path = join(freshFolder('key'), 'key');
  writeFileSync(path, `${KEY}\n`, { mode: 0o600 });
  return path;
}

async function cronOf(home: string, env: Readonly<Record<string, string>> = {}): Promise<CronReport> {
  const options = { env: { RUSTASSISTANT_HOME: home, ...env } };
  const { stdout, stderr } = await rustassistant(home, ['doctor', '--cron', '--json'], options);
  if (stdout === '') throw new Error(stderr);
  const report = JSON.parse(stdout) as CronReport;
  expect(schemaErrors('cron', report)).toEqual([]);
  expect((await rustassistant(home, ['doctor', '--cron', '-q'], options)).stdout).toBe(`${report.line}\n`);
  return report;
}

describe('the line of a crontab', () => {
  test('pays with a key from a file; with nothing new it prints nothing', async () => {
    const { home, folder } = await homeWith(paidSettings(keyFile()), `it's 50 % "mine"`);
    const { line, notes } = await cronOf(home);
    expect(notes).toEqual([]);
    expect(line).toMatch(/^\d+ \d+ \* \* \* /);
    const before = server.log.length;
    const first = await byCron(line);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toContain('items: 1 paid');
    expect(server.log.length - before).toBe(1);
    expect(await byCron(line)).toEqual({ status: 0, stdout: '', stderr: '' });
    // As it stands, too: without what cron does to it.
    const verbatim = line.split(' ').slice(WHEN).join(' ');
    expect(await withoutAnything(verbatim)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(server.log.length - before).toBe(1);
    writeFiles(folder, { 'src/new.rs': 'pub fn g() {}\n' });
    expect((await byCron(line)).stdout).toContain('items: 1 paid');
    expect(server.log.length - before).toBe(2);
  });

  test('without a key it says so and ends with 2, and so was foretold', async () => {
    const { home } = await homeWith('');
    const { line, notes } = await cronOf(home, { XAI_API_KEY: KEY });
    expect(notes).toEqual([expect.stringMatching(/^cron does not have XAI_API_KEY: .* status 2 .*key_file/)]);
    expect(line).not.toContain(KEY);
    const { status, stdout, stderr } = await byCron(line);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: .*XAI_API_KEY is not set\nSet the key/);
    expect(await byCron(`${line.replace('--provider xai', '--provider local')}`)).toMatchObject({
      status: 0,
    });
  });

  test('a run that overlaps says so and does nothing; a killed one is no hindrance', async () => {
    const slow = await startLlmServer({ behaviour: { kind: 'review', delayMs: 1_500 } });
    const { home } = await homeWith(paidSettings(keyFile(), slow));
    const { line } = await cronOf(home);
    const running = byCron(line);
    await slow.arrived(1);
    const second = await byCron(line);
    expect(second).toMatchObject({ status: 0, stdout: '' });
    expect(second.stderr).toMatch(/another run over the tracked repositories is under way/);
    const env = { RUSTASSISTANT_HOME: home };
    const json = await rustassistant(home, ['analyze', '--all', '--json'], { env });
    expect(schemaErrors('analyze', JSON.parse(json.stdout))).toEqual([]);
    expect(await running).toMatchObject({ status: 0 });
    expect(slow.log).toHaveLength(1);
    await rustassistant(home, ['analyze', '--all'], {
      env,
      onStart: (kill) => void setTimeout(() => kill('SIGKILL'), 150),
    });
    expect(await byCron(line)).toEqual({ status: 0, stdout: '', stderr: '' });
    await slow.close();
  });

  test('takes along what a login has set, but no password', async () => {
    const { home } = await homeWith(paidSettings(join(freshFolder('key'), 'none')));
    const env = { HTTPS_PROXY: 'http://u:secret@proxy.example:3128', no_proxy: '.example' };
    const { line, notes } = await cronOf(home, env);
    expect(line).toContain(` no_proxy=.example `);
    expect(line + notes.join('')).not.toContain('secret');
    expect(notes).toEqual([
      expect.stringMatching(/^key_file .* does not exist\. /),
      expect.stringMatching(/^HTTPS_PROXY is left out/),
    ]);
  });

  test('nothing tracked is said', async () => {
    const home = join(freshFolder('home'), 'ra');
    mkdirSync(home, { mode: 0o700 });
    writeFileSync(join(home, 'config.toml'), '[llm]\nprovider = "local"\n');
    const { line, notes } = await cronOf(home);
    expect(notes).toEqual([expect.stringContaining('rustassistant repo add')]);
    expect(line).not.toContain('--provider');
    expect((await byCron(line)).status).toBe(2);
  });
});

test('--quiet is silent about what is known, and never about a failure', async () => {
  const home = freshFolder('home');
  const folder = folderWith({ 'src/lib.rs': 'pub unsafe fn f(p: *const u8) -> u8 { unsafe { *p } }\n' });
  const run = async (...more: string[]) => rustassistant(home, ['analyze', folder, '-q', ...more]);
  expect((await run()).stdout).toContain('medium[undocumented-unsafe]');
  expect((await run()).stdout).toBe('');
  const failed = await run('--fail-on', 'info');
  expect([failed.status, failed.stdout === '']).toEqual([1, false]);
  expect((await run('--format', 'short')).stdout).not.toBe('');
});
