import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/commands/command.ts';
import { folderWith, freshFolder, rustassistant } from '../support/cli.ts';
import { schemaErrors } from '../support/schema.ts';
import { command, homeWith, json } from './support.ts';

interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
}

const home = homeWith();
const folder = folderWith({ 'src/lib.rs': 'pub unsafe fn f(p: *const u8) -> u8 { unsafe { *p } }\n' });
const broken = homeWith('[llm\nmodel = \n');

describe('a mistake is two lines, exit 2, and JSON where that was asked for', () => {
  test.each([
    [['analize'], "unknown command 'analize'\nDid you mean analyze?"],
    [['analyze', '--dryrun'], "unknown option '--dryrun'\nDid you mean --dry-run?"],
    [
      ['analyze', '--format', 'xml'],
      'there is no format "xml" here\nKnown: text, short, json, sarif, github, gitlab, markdown.',
    ],
    [['outline', '--format', 'xml'], 'there is no format "xml" here\nKnown: text, json.'],
    [['explain', '--format', 'short'], 'there is no format "short" here\nKnown: text, json.'],
    [['config', '--format', ''], 'there is no format "" here\nKnown: text, json.'],
    [['usage', '--format', 'csv'], 'there is no format "csv" here\nKnown: text, json.'],
    [['cache', 'stats', '--format', 'csv'], 'there is no format "csv" here\nKnown: text, json.'],
    [['doctor', '--format', 'csv'], 'there is no format "csv" here\nKnown: text, json.'],
    [
      ['analyze', '--severity', 'bad'],
      '--severity takes no "bad"\nKnown: critical, high, medium, low, info.',
    ],
    [['cache', 'why'], "missing required argument 'file'\nSee: rustassistant help cache why\n"],
    [['usage', 'more'], "too many arguments for 'usage'. Expected 0 arguments but got 1."],
    [['help', 'nothing'], "unknown command 'nothing'\nSee: rustassistant help"],
    [['analyze', '/no/such/place'], '/no/such/place does not exist\nGive a directory or a Rust source file.'],
    [['usage', '--color', 'blue'], "option '--color <when>' argument 'blue' is invalid."],
  ])('%j', async (args, message) => {
    const { status, stdout, stderr } = await command(args, { home });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`error: ${message}`);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
    const asJson = await command([...args, '--json'], { home });
    if (args.includes('--format')) return; // `--json` wins over it
    expect([asJson.status, asJson.stderr]).toEqual([2, '']);
    expect(schemaErrors('error', JSON.parse(asJson.stdout))).toEqual([]);
  });

  test('a broken config file: every command that reads it says where, the others work', async () => {
    for (const args of [['analyze', folder], ['usage'], ['config'], ['cache', 'stats'], ['cache', 'prune']]) {
      const { status, stderr } = await command(args, { home: broken });
      expect([args, status, stderr]).toEqual([
        args,
        2,
        expect.stringMatching(/^error: config\.toml:1: not valid TOML: .*\nEdit .*config\.toml\n$/),
      ]);
    }
    for (const args of [['explain'], ['cache', 'dir'], [], ['--version'], ['help', 'usage']]) {
      expect([args, (await command(args, { home: broken })).status]).toEqual([args, 0]);
    }
    const { error } = await json<ErrorBody>(['analyze', folder], { home: broken });
    expect(error.code).toBe('bad-config');
  });

  test('a home that cannot be', async () => {
    const file = join(freshFolder('home'), 'file');
    writeFileSync(file, '');
    const { status, stderr } = await command(['analyze', folder], { home: join(file, 'below') });
    expect([status, stderr]).toEqual([2, expect.stringContaining('cannot be made')]);
    const relative = await command(['usage'], { home, env: { RUSTASSISTANT_HOME: '.' } });
    expect(relative).toMatchObject({ status: 2, stderr: expect.stringContaining('not an absolute path') });
  });
});

/** Of a command that has parts, one of them. */
const PARTS: Readonly<Record<string, string>> = {
  cache: 'stats',
  findings: 'list',
  models: 'list',
  repo: 'list',
};
/** Its output is a protocol's, and no option changes that. */
const ONE_FORMAT = new Set(['mcp']);

describe('help', () => {
  test.each(COMMANDS.map(({ name }) => name))(
    '%s has examples, the common options, and JSON',
    async (name) => {
      const { stdout, status } = await command(['help', name], { home });
      expect(status).toBe(0);
      expect(stdout).toContain(`Usage: rustassistant ${name} `);
      expect(stdout).toContain(`\nExamples:\n  rustassistant ${name}`);
      const part = PARTS[name];
      const leaf = part === undefined ? stdout : (await command([name, part, '--help'], { home })).stdout;
      expect(leaf.includes('--format <')).toBe(!ONE_FORMAT.has(name));
      for (const option of ['--json', '-q, --quiet', '-v, --verbose', '--color <when>']) {
        expect(leaf).toContain(option);
      }
    },
  );

  test.each(Object.keys(PARTS))('each part of %s has its own, with examples, by both words', async (name) => {
    const { stdout } = await command(['help', name], { home });
    const [, list = ''] = /\nCommands:\n([^]*?)\n\n/.exec(stdout) ?? [];
    const parts = [...list.matchAll(/^ {2}(\w+) \[options\]/gm)].map(([, part = '']) => part);
    expect(parts).toContain(PARTS[name]);
    for (const part of parts) {
      const ran = await command(['help', name, part], { home });
      expect(ran.stdout).toContain(`Usage: rustassistant ${name} ${part} [options]`);
      expect(ran.stdout).toContain(`\nExamples:\n  rustassistant ${name}`);
      expect(ran).toEqual(await command([name, part, '--help'], { home }));
    }
  });

  test('alone the program tells where to start, and where the key stands', async () => {
    const { stdout } = await command([], { home });
    expect(stdout.split('\n').length).toBeLessThan(21);
    expect(stdout).toContain('LLM off: XAI_API_KEY not set. More: rustassistant help <command>\n');
    for (const { name } of COMMANDS) expect(stdout).toContain(name);
    const key = await command([], { home, env: { XAI_API_KEY: 'xai-canary' } });
    expect(key.stdout).toContain('LLM: grok-4.3 at api.x.ai, key from XAI_API_KEY.');
    expect(key.stdout).not.toContain('canary');
    const silent = await command([], {
      home: homeWith('[analysis]\nlenses = []\n'),
      env: { XAI_API_KEY: 'xai-canary' },
    });
    expect(silent.stdout).toContain('LLM off: analysis.lenses names no question.');
    expect((await command([], { home: broken })).stdout).toContain(
      'The settings have mistakes: rustassistant doctor.',
    );
  });
});

describe('what is printed, and where', () => {
  test('the folder of the call is the default', async () => {
    const { stdout } = await command(['analyze', '--format', 'short'], { home, cwd: folder });
    expect(stdout).toMatch(/^src\/lib\.rs:1:/);
    expect((await command(['outline'], { home, cwd: folder })).stdout).toContain('pub unsafe fn f');
  });

  test('colours: on demand, never by themselves without a terminal', async () => {
    const escape = '\u001b[';
    const colors = async (args: string[], env = {}): Promise<boolean> =>
      (await command(['analyze', folder, ...args], { home, env })).stdout.includes(escape);
    expect(await colors([])).toBe(false);
    expect(await colors(['--color', 'always'])).toBe(true);
    expect(await colors(['--color', 'always'], { NO_COLOR: '1' })).toBe(true);
    expect(await colors(['--color', 'never'], { FORCE_COLOR: '1' })).toBe(false);
    const parts = await command(['cache', 'why', join(folder, 'src/lib.rs'), '--color', 'always'], { home });
    expect(parts.stdout).toContain(escape);
  });

  test('--quiet leaves notes out, --verbose says more on stderr', async () => {
    const lax = folderWith({
      'src/lib.rs': 'pub fn f() {}\n',
      '.rustassistant.toml': '[budget]\nper_day = 9\n',
    });
    const loud = await command(['analyze', lax], { home });
    expect(loud.stdout).toContain('note: .rustassistant.toml:2:');
    expect(loud.stdout).toContain('LLM review off:');
    const quiet = await command(['analyze', lax, '-q'], { home });
    expect(quiet.stdout).not.toMatch(/note:|LLM review off/);
    const verbose = await command(['analyze', lax, '-v', '--json'], { home });
    expect(verbose.stderr).toBe(`home ${home}\nlocal rules only: XAI_API_KEY is not set\n`);
    expect(JSON.parse(verbose.stdout)).toMatchObject({ schemaVersion: 1 });
  });
});

describe('the program in a pipe', () => {
  test('a reader that leaves early is no failure', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [
        `src/m${at}.rs`,
        `pub fn f${at}() -> u8 { todo!(1) }\n`.repeat(60),
      ]),
    );
    const place = folderWith({ 'src/lib.rs': '', ...many });
    const script = `set -o pipefail; "$0" "$1" analyze ${place} --format short -q | head -1`;
    const program = join(import.meta.dirname, '..', '..', 'dist', 'rustassistant.mjs');
    const { spawnSync } = await import('node:child_process');
    const env = { PATH: process.env['PATH'], HOME: home, RUSTASSISTANT_HOME: home };
    const ran = spawnSync('bash', ['-c', script, process.execPath, program], { env, encoding: 'utf8' });
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout.split('\n')).toHaveLength(2);
  });

  test('works without HOME, TERM and a home folder that exists', async () => {
    const place = join(freshFolder('home'), 'not', 'yet');
    const env = { HOME: undefined, RUSTASSISTANT_HOME: place };
    for (const args of [['usage'], ['cache', 'stats'], ['doctor'], ['analyze', folder, '--dry-run']]) {
      const { status, stderr } = await rustassistant(freshFolder('cwd'), args, { env });
      expect([args, status, stderr]).toEqual([args, 0, '']);
    }
    expect(readFileSync(join(place, 'ledger.log'), 'utf8')).toContain('"op":"begin"');
  });
});
