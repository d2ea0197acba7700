import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CacheCleanReport, CachePruneReport, CacheStatsReport } from '../../src/report/cache-model.ts';
import type { Report } from '../../src/report/model.ts';
import type { WhyReport } from '../../src/report/why-model.ts';
import { openAnalysis } from '../../src/store/analysis.ts';
import { openGlobal } from '../../src/store/global.ts';
import { openLayout } from '../../src/store/layout.ts';
import type { RepositoryPlace } from '../../src/store/repository.ts';
import { listRepositories } from '../../src/store/repository.ts';
import { folderWith } from '../support/cli.ts';
import type { LlmServer } from '../support/llm-server.ts';
import { startLlmServer } from '../support/llm-server.ts';
import { moduleText } from '../support/rust-tree.ts';
import { schemaErrors } from '../support/schema.ts';
import type { CommandOptions } from './support.ts';
import { command, homeWith, json, paidSettings } from './support.ts';

let server: LlmServer;
let home: string;
let folder: string;
beforeAll(async () => {
  server = await startLlmServer();
  home = homeWith(paidSettings(server.url));
  folder = folderWith({ 'src/a.rs': moduleText(1), 'src/b.rs': moduleText(2) });
  await command(['analyze', folder], { home });
});
afterAll(() => server.close());

async function checked<Body>(
  schema: string,
  args: readonly string[],
  options?: CommandOptions,
): Promise<Body> {
  const body = await json<Body>(['cache', ...args], options ?? { home });
  expect(schemaErrors(schema, body)).toEqual([]);
  return body;
}

describe('why', () => {
  const why = (path: string, ...args: string[]): Promise<WhyReport> =>
    checked<WhyReport>('why', ['why', join(folder, path), ...args]);
  const states = ({ items }: WhyReport) => items.map(({ item, state }) => `${item} ${state}`);
  const factorsOf = ({ items }: WhyReport) =>
    items.flatMap(({ why: reason }) =>
      reason?.kind === 'factors' ? reason.differs.map(({ factor }) => factor) : [],
    );

  test('stored answers, and tests that are not sent', async () => {
    const report = await why('src/a.rs');
    expect(report).toMatchObject({ path: 'src/a.rs', local: { state: 'unchanged' }, off: null });
    expect(states(report)).toEqual([
      'Counter1 stored',
      'Counter1::advance stored',
      'parse_1 stored',
      'tests::advances local',
    ]);
    expect(report.items.map(({ startLine }) => startLine)).toEqual([3, 11, 25, 34]);
  });

  test('an edit names the item and its old text; the signature that others see, their context', async () => {
    const text = moduleText(1).replace('Result<Counter1,', 'core::result::Result<Counter1,');
    writeFileSync(join(folder, 'src/a.rs'), text);
    const edited = await why('src/a.rs');
    expect(edited.local).toMatchObject({ state: 'parse', reasons: [{ factor: 'content' }] });
    expect(states(edited).slice(0, 3)).toEqual([
      'Counter1 stored',
      'Counter1::advance stored',
      'parse_1 missing',
    ]);
    expect(factorsOf(edited)).toEqual(['itemHash']);
    // Looking stored nothing: it says the same again.
    expect(await why('src/a.rs')).toEqual(edited);

    // Its new signature is shown beside what mentions it.
    const called = '\npub fn called(n: u8) {}\n';
    const caller = '\npub fn caller() {\n    called(1)\n}\n';
    writeFileSync(join(folder, 'src/c.rs'), called + caller);
    await command(['analyze', folder], { home });
    writeFileSync(join(folder, 'src/c.rs'), called.replace('u8', 'u16') + caller);
    const context = await why('src/c.rs');
    expect(context.items).toMatchObject([
      { item: 'called', why: { differs: [{ factor: 'itemHash' }] } },
      { item: 'caller', why: { differs: [{ factor: 'contextDigest' }] } },
    ]);

    writeFileSync(join(folder, 'src/a.rs'), moduleText(1));
    const back = await why('src/a.rs');
    expect(back.local.state).toBe('parse');
    expect(factorsOf(back)).toEqual([]);
  });

  test('the model, the rules, a provider that is off', async () => {
    const other = await why('src/b.rs', '--model', 'other');
    expect(new Set(factorsOf(other))).toEqual(new Set(['model', 'resolvedModel']));
    const { stdout } = await command(['cache', 'why', join(folder, 'src/b.rs'), '--model', 'other'], {
      home,
    });
    expect(stdout).toContain('missing  11  fn Counter2::advance  the model asked for: grok-4.3 → other\n');
    const off = await why('src/b.rs', '--provider', 'local');
    expect(off).toMatchObject({ asked: null, off: expect.stringContaining('--provider') });
    expect(new Set(off.items.map(({ reason }) => reason))).toEqual(new Set(['provider']));
    const env = { RUSTASSISTANT_RULES_STATIC_MUT: 'off' };
    const rules = await checked<WhyReport>('why', ['why', join(folder, 'src/b.rs')], { home, env });
    expect(rules.local).toMatchObject({ state: 'parse', reasons: [{ factor: 'rules' }] });
  });

  test('a file that is new, skipped, ignored, a folder, or none', async () => {
    writeFileSync(join(folder, 'src/new.rs'), moduleText(3));
    const fresh = await why('src/new.rs');
    expect(fresh.local).toMatchObject({ state: 'parse', reasons: [{ factor: 'file' }] });
    expect(new Set(fresh.items.map(({ why: reason }) => reason?.kind))).toEqual(new Set(['new', undefined]));
    writeFileSync(join(folder, 'src/binary.rs'), Buffer.from([0xff, 0xfe, 0x00]));
    expect((await why('src/binary.rs')).local).toMatchObject({ state: expect.stringMatching(/skipped/) });
    rmSync(join(folder, 'src/binary.rs'));
    writeFileSync(join(folder, '.rustassistantignore'), 'src/new.rs\n');
    for (const path of ['src/new.rs', 'src', 'Cargo.toml']) {
      const { status, stderr } = await command(['cache', 'why', join(folder, path)], { home });
      expect([path, status, stderr]).toEqual([
        path,
        2,
        expect.stringContaining('is no file that is analysed'),
      ]);
    }
    const none = await command(['cache', 'why', join(folder, 'none.rs')], { home });
    expect(none).toMatchObject({ status: 2, stderr: expect.stringContaining('does not exist') });
  });
});

describe('stats and prune', () => {
  test('count what is stored, by kind and by repository', async () => {
    const stats = await checked<CacheStatsReport>('cache-stats', ['stats']);
    expect(stats.answers).toMatchObject({ answers: 9, requests: 2 });
    expect(stats.bytes.max).toBe(500e6);
    expect(Object.values(stats.bytes.byKind).reduce((a, b) => a + b)).toBe(stats.bytes.total);
    expect(stats.repositories).toMatchObject([{ path: folder }]);
    const { stdout } = await command(['cache', 'stats'], { home });
    expect(stdout).toContain('of 500 MB, pruned above 450 MB down to 375 MB');
    expect(stdout).toMatch(/paid answers +9 answers of 2 requests, \$0\.00\d+/);
  });

  test('a fresh home has nothing, and is not made by looking', async () => {
    const empty = join(homeWith(), 'not-there');
    for (const args of [['stats'], ['prune', '--dry-run'], ['dir'], ['clean', '--yes']]) {
      const { status } = await command(['cache', ...args], { home: empty });
      expect([args, status]).toEqual([args, 0]);
    }
    expect((await command(['usage'], { home: empty })).stdout).toMatch(/^Nothing spent\.\n/);
    expect((await command(['doctor'], { home: empty })).status).toBe(0);
    expect(existsSync(empty)).toBe(false);
  });

  test('prune: the same plan before and after, down to a size', async () => {
    const none = await checked<CachePruneReport>('cache-prune', ['prune', '--dry-run']);
    expect(none).toMatchObject({ status: 'planned', plan: { freed: 0, byReason: [] } });
    const planned = await checked<CachePruneReport>('cache-prune', ['prune', '--dry-run', '--to', '0']);
    expect(planned.plan?.byReason.map(({ reason }) => reason)).toContain('recreatable');
    const { stdout } = await command(['cache', 'prune', '--dry-run', '--to', '0B'], { home });
    expect(stdout).toMatch(/^Would prune from .* Nothing was removed\.\n/);
    const done = await checked<CachePruneReport>('cache-prune', ['prune', '--to', '0']);
    expect(done).toMatchObject({ status: 'pruned', plan: { byReason: planned.plan?.byReason } });
    const wrong = await command(['cache', 'prune', '--to', 'little'], { home });
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('Give a size like 100MB') });
  });

  test('prune: one at a time', async () => {
    const global = await openGlobal(openLayout(home));
    const lease = global.takeLease('prune', Date.now());
    try {
      // The lease names this very process, which runs: the command finds it taken.
      expect(await checked<CachePruneReport>('cache-prune', ['prune'])).toMatchObject({
        status: 'busy',
        plan: null,
      });
      const cleaning = await command(['cache', 'clean', '--yes'], { home });
      expect(cleaning).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('another process prunes'),
      });
    } finally {
      lease?.release();
      global.close();
    }
  });

  test('the cache is pruned after a run that let it grow', async () => {
    const small = homeWith('[cache]\nmax_size = "1MB"\nhigh_watermark = 0.1\nlow_watermark = 0.05\n');
    const files = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [`src/m${at}.rs`, moduleText(at)]),
    );
    const { stderr, status } = await command(['analyze', folderWith(files)], { home: small });
    expect(status).toBe(0);
    expect(stderr).toMatch(/^note: cache pruned from \d+ kB to \d+/);
  });
});

describe('clean', () => {
  test('asks, and without a terminal needs a yes', async () => {
    await command(['analyze', folder], { home });
    const { status, stderr } = await command(['cache', 'clean'], { home });
    expect([status, stderr]).toEqual([2, expect.stringContaining('Agree with --yes')]);
  });

  test('keeps the paid answers and the ledger; with --answers the ledger', async () => {
    const paying = homeWith(paidSettings(server.url));
    const own = folderWith({ 'src/lib.rs': moduleText(9) });
    await command(['analyze', own], { home: paying });
    const aside = join(paying, 'cache', 'answers.db.corrupt-20260101T000000');
    writeFileSync(aside, 'x');
    const options = { home: paying };
    const ledger = readFileSync(join(paying, 'ledger.log'), 'utf8');
    const first = await checked<CacheCleanReport>('cache-clean', ['clean', '--yes'], options);
    expect(first.removed).toEqual(['repositories', 'set-aside']);
    expect(existsSync(aside)).toBe(false);
    const asked = server.log.length;
    const again = await json<Report>(['analyze', own], options);
    expect(again.repositories[0]?.summary.items).toMatchObject({ paid: 0, cached: 3 });
    expect(server.log.length).toBe(asked);

    const second = await checked<CacheCleanReport>('cache-clean', ['clean', '--yes', '--answers'], options);
    expect(second.removed).toEqual(['repositories', 'answers']);
    expect(second.after).toBeLessThan(second.before);
    expect(readFileSync(join(paying, 'ledger.log'), 'utf8')).toBe(ledger);
    const { stdout } = await command(['cache', 'clean', '--yes'], options);
    expect(stdout).toBe('Nothing to remove. Paid answers and the ledger were kept.\n');
  });
});

test('what another run works on is neither cleaned nor pruned', async () => {
  const busy = homeWith();
  const own = folderWith({ 'src/lib.rs': moduleText(9) });
  await command(['analyze', own], { home: busy });
  const layout = openLayout(busy);
  const [place] = listRepositories(layout);
  const run = await openAnalysis(layout, place as RepositoryPlace);
  const refused = await command(['cache', 'clean', '--yes'], { home: busy });
  expect([refused.status, refused.stderr]).toEqual([
    2,
    `error: nothing was removed: another process works on ${own}\nWait for it to end, then try again.\n`,
  ]);
  const pruned = await checked<CachePruneReport>('cache-prune', ['prune', '--to', '1B'], { home: busy });
  expect(pruned.status).toBe('nothing');
  expect(pruned.notices.map(({ code }) => code)).toEqual(['in-use']);
  expect(run.files(null)).toHaveLength(1);
  run.close();
  const free = await checked<CachePruneReport>('cache-prune', ['prune', '--to', '1B'], { home: busy });
  expect([free.status, free.notices]).toEqual(['pruned', []]);
});

test('dir prints the folder alone', async () => {
  expect((await command(['cache', 'dir'], { home })).stdout).toBe(`${home}/cache\n`);
  expect(await json(['cache', 'dir'], { home })).toEqual({ schemaVersion: 1, home, cache: `${home}/cache` });
});

test('alone it shows its parts; an unknown one is a mistake', async () => {
  const alone = await command(['cache'], { home });
  expect(alone.status).toBe(0);
  for (const part of ['stats', 'prune', 'why', 'clean', 'dir']) expect(alone.stdout).toContain(`  ${part} `);
  const wrong = await command(['cache', 'prnue'], { home });
  expect(wrong).toMatchObject({ status: 2, stdout: '' });
  expect(wrong.stderr).toContain("unknown command 'prnue'\nDid you mean prune?");
});
