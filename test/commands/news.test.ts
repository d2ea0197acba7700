import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RepositoryReport } from '../../src/report/model.ts';
import { folderWith } from '../support/cli.ts';
import type { LlmServer } from '../support/llm-server.ts';
import { startLlmServer } from '../support/llm-server.ts';
import { A, B, fresh, high, repository, run } from './news-support.ts';
import { command, homeWith, paidSettings } from './support.ts';

describe('since the last run', () => {
  test('the first run knows nothing of an earlier one; then new, kept and fixed are told', async () => {
    const at = repository({ 'src/lib.rs': A });
    const first = await run(at);
    expect(first.summary.news).toBeNull();
    at.write('src/lib.rs', `// moved\n${A}${B}`);
    const second = await run(at);
    expect(high(second.summary.news)).toEqual([1, 1, 0]);
    expect(fresh(second)).toEqual(['B']);
    at.write('src/lib.rs', B);
    expect(high((await run(at)).summary.news)).toEqual([0, 1, 1]);
    expect(high((await run(at)).summary.news)).toEqual([0, 1, 0]);
  });

  test('is said on the screen, the worst ones marked', async () => {
    const at = repository({ 'src/lib.rs': A });
    const text = async () => (await command(['analyze', '.'], at)).stdout;
    expect(await text()).not.toMatch(/since the last run|\(new\)/);
    at.write('src/lib.rs', A + B);
    const second = await text();
    expect(second).toContain('\n1 new, 0 fixed since the last run\n');
    expect(second.match(/: mutable static \(new\)\n/g)).toHaveLength(1);
    expect(await text()).not.toMatch(/since the last run|\(new\)/);
  });

  test('a renamed file, and an item in another file, bring nothing new', async () => {
    const at = repository({ 'src/lib.rs': A + B });
    await run(at);
    mkdirSync(join(at.cwd, 'src/deep'));
    renameSync(join(at.cwd, 'src/lib.rs'), join(at.cwd, 'src/deep/ring.rs'));
    expect(high((await run(at)).summary.news)).toEqual([0, 2, 0]);
    at.write('src/deep/ring.rs', A);
    at.write('src/other.rs', `fn x() {}\n${B}`);
    const moved = await run(at);
    expect(high(moved.summary.news)).toEqual([0, 2, 0]);
    expect(fresh(moved)).toEqual([]);
  });

  test('a part that was not looked at is neither new nor fixed', async () => {
    const at = repository({ 'src/lib.rs': A, 'src/b/mod.rs': B });
    await run(at, 'src/b');
    const whole = await run(at);
    expect(high(whole.summary.news)).toEqual([0, 1, 0]);
    expect(fresh(whole)).toEqual([]);
    at.write('src/lib.rs', '');
    rmSync(join(at.cwd, 'src/b'), { recursive: true });
    mkdirSync(join(at.cwd, 'src/c'));
    at.write('src/c/mod.rs', 'static mut C: u8 = 0;\n');
    expect(high((await run(at, 'src/c')).summary.news)).toEqual([1, 0, 0]);
    expect(high((await run(at)).summary.news)).toEqual([0, 1, 2]);
  });

  test('what cannot be read any more is not fixed', async () => {
    const at = repository({ 'src/lib.rs': A, 'src/b.rs': B });
    await run(at);
    writeFileSync(join(at.cwd, 'src/b.rs'), Buffer.from([0x66, 0xff, 0x00]));
    expect(high((await run(at)).summary.news)).toEqual([0, 1, 0]);
    at.write('src/b.rs', `${B}fn b() {}\n`);
    expect(high((await run(at)).summary.news)).toEqual([0, 2, 0]);
  });

  test('others who look do not use the news up', async () => {
    const at = repository({ 'src/lib.rs': A });
    await run(at);
    at.write('src/lib.rs', A + B);
    await command(['findings', 'list'], at);
    expect(high((await run(at)).summary.news)).toEqual([1, 1, 0]);
  });

  test('a dismissal fixes nothing', async () => {
    const at = repository({ 'src/lib.rs': A + B });
    const [{ findings }] = (await run(at)).files as [RepositoryReport['files'][number]];
    const id = findings.find(({ item }) => item === 'A')?.id ?? '';
    await command(['findings', 'dismiss', id, '--reason', 'it is fine'], at);
    expect(high((await run(at)).summary.news)).toEqual([0, 1, 0]);
    await command(['findings', 'restore', id], at);
    expect(high((await run(at)).summary.news)).toEqual([1, 1, 0]);
  });
});

test('findings of what did not change are the same, byte for byte, in every run and home', async () => {
  const at = repository({ 'src/lib.rs': `${A}${B}fn a(x: &str) -> u8 {\n    x.parse().unwrap()\n}\n` });
  const said = async (home = at.home) =>
    JSON.stringify((await run({ ...at, home })).files.map(({ findings }) => findings));
  const first = await said();
  at.write('src/new.rs', 'static mut NEW: u8 = 0;\n');
  await run(at);
  rmSync(join(at.cwd, 'src/new.rs'));
  expect([await said(), await said(homeWith())]).toEqual([first, first]);
  expect(JSON.parse(first)).not.toEqual([[]]);
});

describe('with a model and without', () => {
  let server: LlmServer;
  beforeAll(async () => {
    server = await startLlmServer();
  });
  afterAll(() => server.close());

  test('each is compared with its own last run', async () => {
    const cwd = folderWith({
      'src/main.rs': 'fn read(text: &str) -> u64 {\n    text.parse().unwrap()\n}\nfn main() {}\n',
    });
    const at = { cwd, home: homeWith(paidSettings(server.url)) };
    const medium = async (...words: string[]) => {
      const { news } = (await run(at, '.', ...words)).summary;
      return news === null ? null : [news.new.medium, news.kept.medium, news.fixed.medium];
    };
    expect(await medium()).toBeNull();
    expect(await medium('--provider', 'local')).toBeNull();
    const [, kept] = (await medium()) ?? [];
    expect(kept).toBeGreaterThan(0);
    expect(await medium()).toEqual([0, kept, 0]);
    const said = async () => JSON.stringify((await run(at, '.')).files.map(({ findings }) => findings));
    const once = await said();
    await run(at, '.', '--provider', 'local');
    expect(await said()).toBe(once);
    expect(once).toContain('"source":"llm"');
    // The answer to what was edited is missing: what it said before is not mended by that.
    writeFileSync(
      join(cwd, 'src/main.rs'),
      'fn read(text: &str) -> u64 {\n    let _a = 1;\n    text.parse().unwrap()\n}\nfn main() {}\n',
    );
    expect((await medium('--offline'))?.[2]).toBe(0);
    expect(await medium()).toEqual([0, kept, 0]);
  });
});
