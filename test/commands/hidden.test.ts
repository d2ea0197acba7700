import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printable } from '../../src/util/printable.ts';
import { freshFolder, git, writeFiles } from '../support/cli.ts';
import type { LlmServer } from '../support/llm-server.ts';
import { startLlmServer } from '../support/llm-server.ts';
import type { CommandOptions, CommandRan } from './support.ts';
import { command, homeWith, json, paidSettings } from './support.ts';

/** A terminal's escape sequence, an override of the reading order, a zero-width space, an isolate, a mark, a tag. */
const HIDDEN = '\u001b[2J\u202e\u200b\u2066\u061c\u{e0041}';
// What no output may hold, told apart from how the program tells it.
const OBEYED =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\udb40/;

const FOLDER = `src/dir${HIDDEN}`;
const FILE = `${FOLDER}/ring.rs`;
const CODE = `//! Docs ${HIDDEN}
// TODO: mend ${HIDDEN} this
static mut COUNT: u64 = 0; // ${HIDDEN}
/// # Safety
/// Nothing ${HIDDEN} else may run.
pub unsafe fn poke(at: *mut u8) {
    // SAFETY: said ${HIDDEN} so
    unsafe { at.write("${HIDDEN}".len() as u8) }
}
pub fn read(text: &str) -> u64 {
    text.parse::<u64>().expect("${HIDDEN}")
}
`;
const ANSWER = {
  quote: 'text.parse::<u64>()',
  severity: 'high',
  category: 'error-handling',
  title: `Title ${HIDDEN}`,
  message: `Message ${HIDDEN}`,
  suggestion: `Suggestion ${HIDDEN}`,
  related: [],
};

/** Answers whatever is asked with one finding for each item, of which those stay whose quote stands there. */
function hostileModel(): Promise<LlmServer> {
  const items = Array.from({ length: 20 }, (_, at) => ({ id: at + 1, findings: [ANSWER] }));
  return startLlmServer({ behaviour: { kind: 'text', text: JSON.stringify({ items }) } });
}

let server: LlmServer;
let at: CommandOptions;
let id: string;

beforeAll(async () => {
  server = await hostileModel();
  const cwd = join(freshFolder('hidden'), `root${HIDDEN}`);
  writeFiles(cwd, {
    'Cargo.toml': `[package]\nname = "a"\nversion = "0.1.0"\ndescription = '''${HIDDEN.replace('\u001b', '')}'''\n`,
    [FILE]: CODE,
    [`${FOLDER}/broken.rs`]: `fn broken( { // ${HIDDEN}\n`,
    [`${FOLDER}/latin.rs`]: '',
    '.rustassistant.toml': `[rules]\n"odd\\u202e\\u001b" = "off"\n`,
  });
  writeFileSync(join(cwd, FOLDER, 'latin.rs'), Buffer.from([0x2f, 0x2f, 0xe9]));
  git(cwd, 'init', '-q');
  git(cwd, 'add', '.');
  git(cwd, 'commit', '-qm', HIDDEN);
  at = { cwd, home: homeWith(paidSettings(server.url)) };
  await command(['analyze', '.', '--yes'], at);
  const { repositories } = await json<{ repositories: { findings: { id: string; rule: string }[] }[] }>(
    ['findings', 'list'],
    at,
  );
  id = repositories[0]?.findings.find(({ rule }) => rule.startsWith('review/'))?.id ?? '';
  expect(id).not.toBe('');
});
afterAll(() => server.close());

/** Fails where a terminal or an eye would be deceived, and where no hidden text came through at all. */
function expectHarmless({ stdout, stderr }: CommandRan): void {
  expect(OBEYED.exec(stdout)).toBeNull();
  expect(OBEYED.exec(stderr)).toBeNull();
  expect(stdout + stderr).toMatch(/\\u\{?202e|%E2%80%AE|odd\ufffd/);
}

const formats = (command: readonly string[], ...names: readonly string[]) =>
  names.map((name) => [...command, '--format', name]);

describe('what a terminal would obey or an eye not see is escaped in', () => {
  test.each(
    [
      ...formats(['analyze', '.'], 'text', 'short', 'json', 'sarif', 'github', 'gitlab', 'markdown'),
      ...formats(['analyze', '.', '--severity', 'info'], 'text', 'github', 'markdown'),
      ...formats(['findings', 'list'], 'text', 'json'),
      ...formats(['unsafe', '.', '--sites'], 'text', 'json', 'markdown'),
      ...formats(['report', '.'], 'text', 'json'),
      ...formats(['outline', '.'], 'text', 'json'),
      ...formats(['cache', 'why', FILE], 'text', 'json'),
      ...formats(['search', 'poke', '--content'], 'text', 'json'),
      ...formats(['search', 'Title', '--findings'], 'text', 'json'),
      ...formats(['search', '--like', `${FILE}:6`], 'text', 'json'),
      ...formats(['context', 'poke'], 'text', 'json'),
      ...formats(['config', FOLDER], 'text', 'json'),
      ...formats(['repo', 'add', FOLDER], 'text', 'json'),
      ...formats(['cache', 'stats'], 'text', 'json'),
      ...formats(['analyze', `missing${HIDDEN}`], 'text', 'json'),
      ...formats(['analyze', '.', '--baseline', FILE], 'text', 'json'),
      ...formats(['analyze', '.', `--odd${HIDDEN}`], 'text', 'json'),
      ...formats(['analyze', FOLDER, '--verbose'], 'text'),
    ].map((args) => [printable(args.join(' ')), args] as const),
  )('%s', async (_shown, args) => {
    expectHarmless(await command(args, at));
  });

  test('a plan', async () => {
    const home = homeWith(paidSettings(server.url));
    expectHarmless(await command(['analyze', '.', '--dry-run', '--json'], { ...at, home }));
  });

  test('one finding, its dismissal and what is shared', async () => {
    for (const format of ['text', 'json']) {
      const parts = [
        ['show', id],
        ['dismiss', id, '--reason', `Reason ${HIDDEN}`],
        ['list'],
        ['show', id],
        ['export'],
        ['restore', id],
        ['restore', id, '--shared'],
      ];
      for (const part of parts) {
        const ran = await command(['findings', ...part, '--format', format], at);
        expect([part, ran.status, ran.stderr]).toEqual([part, 0, '']);
        expectHarmless(ran);
      }
    }
  });

  test('the reason that SARIF tells', async () => {
    await command(['findings', 'dismiss', id, '--reason', `Reason ${HIDDEN}`], at);
    const sarif = await command(['analyze', '.', '--format', 'sarif'], at);
    expectHarmless(sarif);
    expect(sarif.stdout).toContain('"justification":"Reason \\\\u{1b}[2J');
  });
});
