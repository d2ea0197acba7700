import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cacheStats } from '../../../src/pipeline/cache/stats.ts';
import { gather } from '../../../src/pipeline/cache/prune-gather.ts';
import { takeLease } from '../../../src/pipeline/lease.ts';
import type { PruneOptions } from '../../../src/pipeline/cache/limits.ts';
import { hasGrown } from '../../../src/pipeline/cache/limits.ts';
import { prune } from '../../../src/pipeline/cache/prune.ts';
import { codec as openCodec } from '../../../src/store/codec.ts';
import { resultRow } from '../../../src/store/result-rows.ts';
import { openAnalysis } from '../../../src/store/analysis.ts';
import { openAnswers } from '../../../src/store/answers.ts';
import { driverFor, loadDriver } from '../../../src/store/driver.ts';
import { footprint } from '../../../src/store/footprint.ts';
import { openGlobal } from '../../../src/store/global.ts';
import type { Layout } from '../../../src/store/layout.ts';
import { openLayout } from '../../../src/store/layout.ts';
import { placeRepository } from '../../../src/store/repository.ts';
import { sha256 } from '../../../src/util/hash.ts';
import { factors } from '../../store/answers-support.ts';
import { child, temporary } from '../../store/support.ts';

const codec = await openCodec();
const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.UTC(2026, 0, 31);
const MB = 1_000_000;
const noise = (bytes: number) => randomBytes(bytes).toString('base64');

const LIMITS = { maxSize: 2.4 * MB, highWatermark: 0.9, lowWatermark: 0.75, repositoryQuota: 0.25 };
const options = (given: Partial<PruneOptions> = {}): PruneOptions => ({
  limits: LIMITS,
  nowMs: NOW,
  ...given,
});

/** A repository with a directory of its own, and files of about 4 kB that were last read at `ages` days. */
async function repository(layout: Layout, name: string, ages: readonly number[], answerKeys: string[] = []) {
  const root = join(layout.home, 'roots', name);
  mkdirSync(root, { recursive: true });
  const place = placeRepository(layout, { path: root, fullHash: sha256(name), gitCommonDir: null });
  const analysis = await openAnalysis(layout, place);
  const paths = ages.map((_, at) => `src/file_${String(at).padStart(4, '0')}.rs`);
  analysis.putFiles(
    paths.map((path) => ({
      path,
      stamp: path,
      racy: false,
      contentHash: sha256(path),
      skipReason: null,
      failure: null,
      role: 'library',
      generated: false,
      lines: 1,
      items: 1,
      units: 1,
      testUnits: 0,
      broken: null,
      localVersion: 1,
      rulesHash: '',
      syncedAt: NOW,
      facts: codec.pack({ noise: noise(1_500) }, 'derived'),
    })),
  );
  analysis.putResults(
    paths.map((path, at) =>
      resultRow(
        {
          path,
          contentHash: sha256(path),
          cacheKey: sha256(path),
          modelId: '',
          promptHash: '',
          generationTimeMs: null,
          apiCostMillicents: null,
          inputTokens: null,
          outputTokens: null,
          at: NOW - (ages[at] as number) * DAY,
          findings: [],
          scores: { quality: 1, security: 1, maintainability: 1, complexity: 1, documentation: 1 },
          missing: [],
          answerKeys,
          result: { noise: noise(1_500) },
        },
        codec,
      ),
    ),
  );
  analysis.close();
  return { place, root, paths };
}

/** Paid answers of about 2 kB, `age` days old, all from one request that cost `millicents`. */
async function pay(layout: Layout, names: readonly string[], age: number, millicents: number): Promise<void> {
  const answers = await openAnswers(layout);
  const usage = {
    ticks: millicents * 1e5,
    estimated: false,
    inputTokens: 1,
    cachedTokens: 0,
    outputTokens: 1,
  };
  await answers.saveRequest({
    requestId: `request ${names[0]}`,
    model: 'm',
    usage,
    at: NOW - age * DAY,
    repository: sha256('payer'),
    untrusted: false,
    answers: names.map((name) => ({
      itemKey: sha256(name),
      factors: factors(name),
      answer: { status: 'failed', findings: [], cites: [noise(1_500)], unanchored: 0 },
      usage: { ...usage, ticks: usage.ticks / names.length },
    })),
  });
  answers.close();
}

async function filesOf(layout: Layout, name: string): Promise<string[]> {
  const place = placeRepository(layout, {
    path: join(layout.home, 'roots', name),
    fullHash: sha256(name),
    gitCommonDir: null,
  });
  const analysis = await openAnalysis(layout, place);
  const paths = analysis.files(null).map(({ path }) => path);
  analysis.close();
  return paths;
}

async function answersLeft(layout: Layout, names: readonly string[]): Promise<string[]> {
  const answers = await openAnswers(layout);
  const found = await answers.lookup(names.map(sha256), '');
  answers.close();
  return names.filter((name) => found.has(sha256(name)));
}

const named = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}${at}`);
const days = (count: number, age: number) => Array.from({ length: count }, () => age);

function diskBytes(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.blocks * 512;
  return readdirSync(path).reduce((sum, name) => sum + diskBytes(join(path, name)), 0);
}

describe('where nothing is to be done', () => {
  test('it takes no more than 2 ms with 50 repositories, and opens no database', async () => {
    const layout = openLayout(temporary());
    for (const name of named('repo', 50)) {
      const place = placeRepository(layout, {
        path: `/${name}`,
        fullHash: sha256(name),
        gitCommonDir: null,
      });
      for (const file of ['analysis.db', 'analysis.db-wal', 'analysis.db-shm']) {
        writeFileSync(join(place.directory, file), 'x');
      }
    }
    const times: number[] = [];
    for (let run = 0; run < 30; run += 1) {
      const before = process.cpuUsage();
      expect(hasGrown(layout, options())).toBe(false);
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1000);
    }
    expect(times.sort((a, b) => a - b)[times.length >> 1]).toBeLessThanOrEqual(2);
    expect(existsSync(layout.global)).toBe(false);
  });

  test('asked for, it says so', async () => {
    const layout = openLayout(temporary());
    await repository(layout, 'a', days(3, 9));
    const report = await prune(layout, options());
    expect(report).toMatchObject({ status: 'nothing', notices: [] });
    expect(await filesOf(layout, 'a')).toHaveLength(3);
  });
});

describe('above the high watermark', () => {
  test('the least recently read results go until the disk holds the low one', async () => {
    const layout = openLayout(temporary());
    const ages = Array.from({ length: 600 }, (_, at) => at % 50);
    await repository(layout, 'a', ages);
    await repository(layout, 'b', days(20, 1));
    expect(footprint(layout).total).toBeGreaterThan(0.9 * LIMITS.maxSize);
    const planned = await prune(layout, options({ dryRun: true }));
    expect(planned.status).toBe('planned');
    expect(await filesOf(layout, 'a')).toHaveLength(600);
    expect(hasGrown(layout, options())).toBe(true);
    const report = await prune(layout, options());
    expect(report.status).toBe('pruned');
    expect(report.plan).toEqual(planned.plan);
    expect(diskBytes(layout.cache)).toBeLessThanOrEqual(0.75 * LIMITS.maxSize);
    expect(report.bytes.total).toBe(diskBytes(layout.cache));
    expect(report.before - report.bytes.total).toBeGreaterThan(0.5 * (report.plan?.freed ?? 0));
    const left = await filesOf(layout, 'a');
    expect(left.length).toBeGreaterThan(100);
    const ageOf = (path: string) => ages[Number(path.slice(-7, -3))] as number;
    const oldest = Math.max(...left.map(ageOf));
    expect(ages.filter((age) => age < oldest - 2).length).toBeLessThanOrEqual(left.length);
    expect(await filesOf(layout, 'b')).toHaveLength(20);
  });

  test('answers outlive what can be made again; the dear ones outlive the others', async () => {
    const layout = openLayout(temporary());
    await repository(layout, 'a', days(100, 0));
    await pay(layout, named('old', 60), 40, 50);
    await pay(layout, named('new', 60), 2, 50);
    await pay(layout, named('dear', 60), 80, 150);
    const to = (target: number) => prune(layout, options({ target }));
    const half = footprint(layout).byKind.answers + 150_000;
    expect((await to(half)).plan?.reached).toBe(true);
    expect(await answersLeft(layout, ['old0', 'new0', 'dear0'])).toEqual(['old0', 'new0', 'dear0']);
    const all = [...named('old', 60), ...named('new', 60), ...named('dear', 60)];
    const { total, byKind } = footprint(layout);
    const third = await to(Math.round(total - byKind.analysis - byKind.answers * 0.2));
    const left = await answersLeft(layout, all);
    expect(left.filter((name) => name.startsWith('old')).length).toBeLessThan(60);
    expect(left.filter((name) => name.startsWith('new')).length).toBe(60);
    expect(left.filter((name) => name.startsWith('dear')).length).toBe(60);
    expect(await filesOf(layout, 'a')).toEqual([]);
    expect(third.plan?.byReason.at(-1)?.reason).toBe('answer-unused');
    await to(0);
    expect(await answersLeft(layout, all)).toEqual([]);
  });

  test('reading a merged row is reading its answers, also after the row is gone', async () => {
    const layout = openLayout(temporary());
    await pay(layout, ['read', ...named('idle', 40)], 60, 50);
    await repository(layout, 'a', [3, ...days(40, 5)], [sha256('read')]);
    const first = await prune(layout, options({ target: footprint(layout).byKind.answers + 140_000 }));
    expect(first.status).toBe('pruned');
    expect((await filesOf(layout, 'a')).length).toBeLessThan(41);
    const { entries } = await gather(layout, footprint(layout));
    const answers = entries.filter(({ kind }) => kind === 'answer').map(({ lastAccessed }) => lastAccessed);
    expect(answers).toHaveLength(41);
    expect(answers.filter((at) => at !== NOW - 60 * DAY)).toEqual([NOW - 3 * DAY]);
    const { plan } = await prune(layout, options({ target: 0, dryRun: true }));
    expect(plan?.byReason.slice(-2)).toMatchObject([
      { reason: 'answer-unused', entries: 40 },
      { reason: 'answer', entries: 1 },
    ]);
  });
});

test('formats that nobody reads any more go when asked, whatever the size', async () => {
  const layout = openLayout(temporary());
  await repository(layout, 'a', days(5, 0));
  await pay(layout, ['kept', 'incompatible'], 0, 1);
  const answers = await openAnswers(layout);
  answers.database
    .prepare('UPDATE answers SET schema_version = 0 WHERE item_key = ?')
    .run(sha256('incompatible'));
  answers.close();
  const { place } = await repository(layout, 'a', days(5, 0));
  const analysis = await openAnalysis(layout, place);
  analysis.database.exec("UPDATE file_facts SET schema_version = 0 WHERE file_path LIKE '%0003.rs'");
  analysis.close();
  expect(hasGrown(layout, options())).toBe(false);
  const report = await prune(layout, options());
  expect(report.plan?.byReason).toMatchObject([{ reason: 'incompatible', entries: 2 }]);
  expect(await filesOf(layout, 'a')).toHaveLength(4);
  expect((await cacheStats(layout, LIMITS)).answers).toMatchObject({ answers: 1, requests: 1 });
});

test('what is left of a repository whose root is gone goes as a whole', async () => {
  const layout = openLayout(temporary());
  const { place, root } = await repository(layout, 'gone', days(50, 20));
  await repository(layout, 'here', days(50, 10));
  rmSync(root, { recursive: true });
  const report = await prune(layout, options({ target: footprint(layout).total - 1000 }));
  expect(report.plan?.byReason).toMatchObject([{ entries: 1 }]);
  expect(existsSync(place.directory)).toBe(false);
  expect(await filesOf(layout, 'here')).toHaveLength(50);
});

test('search indexes and damaged files that were set aside are counted and can go', async () => {
  const layout = openLayout(temporary());
  const { place } = await repository(layout, 'a', days(5, 8));
  mkdirSync(join(place.vectors, 'data'), { recursive: true });
  writeFileSync(join(place.vectors, 'data', 'x.lance'), randomBytes(500_000));
  const aside = `${place.analysis}.corrupt-20250101T000000`;
  for (const path of [aside, `${aside}-wal`, `${layout.answers}.corrupt-1`])
    writeFileSync(path, randomBytes(9_000));
  mkdirSync(layout.models);
  writeFileSync(join(layout.models, 'model.onnx'), randomBytes(100_000));
  const { bytes } = await cacheStats(layout, LIMITS);
  expect(bytes.byKind).toMatchObject({ search: 503_808, setAside: 3 * 12_288 });
  expect(bytes.total).toBe(diskBytes(layout.cache) - diskBytes(layout.models));
  const report = await prune(layout, options({ target: 0 }));
  expect(existsSync(place.vectors)).toBe(false);
  expect(existsSync(aside)).toBe(false);
  expect(existsSync(join(layout.models, 'model.onnx'))).toBe(true);
  expect(report.bytes.byKind).toMatchObject({ search: 0, setAside: 0 });
});

test('a newer program’s database is left alone, and that is said', async () => {
  const layout = openLayout(temporary());
  const { place } = await repository(layout, 'newer', days(50, 20));
  await repository(layout, 'here', days(50, 10));
  const analysis = await openAnalysis(layout, place);
  analysis.database.exec('PRAGMA user_version = 99');
  analysis.close();
  const report = await prune(layout, options({ target: 0 }));
  expect(report.notices.map(({ code }) => code)).toContain('newer-database');
  expect(await filesOf(layout, 'here')).toEqual([]);
  expect(statSync(place.analysis).size).toBeGreaterThan(200_000);
});

test('a lease that cannot be taken leaves nothing open', async () => {
  const layout = openLayout(temporary());
  (await openGlobal(layout)).close();
  const database = (await loadDriver(driverFor(process.versions.node)))(layout.global, { readonly: false });
  database.exec("CREATE TRIGGER refuse BEFORE INSERT ON leases BEGIN SELECT RAISE(ABORT, 'no lease'); END");
  database.close();
  await expect(takeLease(layout, 'prune', NOW)).rejects.toThrow('no lease');
  // The last one to close a database takes its log along.
  expect(existsSync(`${layout.global}-wal`)).toBe(false);
});

describe('several processes', () => {
  test('one prunes at a time; a killed one is no hindrance', async () => {
    const home = mkdtempSync(join(tmpdir(), 'rustassistant-prune-'));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const layout = openLayout(home);
    await repository(layout, 'a', days(50, 10));
    const holder = child('lease', home, 'prune');
    await once(holder.stdout, 'data');
    const busy = await prune(layout, options({ target: 0, nowMs: Date.now() }));
    expect(busy.status).toBe('busy');
    expect(await filesOf(layout, 'a')).toHaveLength(50);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect((await prune(layout, options({ target: 0, nowMs: Date.now() }))).status).toBe('pruned');
    expect(await filesOf(layout, 'a')).toEqual([]);
  });

  test('a database that is open is left alone until it is closed', async () => {
    const layout = openLayout(temporary());
    const { place } = await repository(layout, 'a', days(300, 10));
    const reader = await openAnalysis(layout, place);
    const rows = reader.database.prepare('SELECT path FROM files').iterate();
    rows.next();
    const left = await prune(layout, options({ target: 500_000 }));
    expect([left.status, left.notices.map(({ code }) => code)]).toEqual(['nothing', ['in-use']]);
    expect([...rows]).toHaveLength(299);
    reader.close();
    expect((await prune(layout, options({ target: 500_000 }))).status).toBe('pruned');
    expect(diskBytes(place.analysis)).toBeLessThan(600_000);
  });

  test('broken off, it has removed less and harmed nothing', async () => {
    const layout = openLayout(temporary());
    await repository(layout, 'a', days(1_200, 10));
    const stop = new AbortController();
    const running = prune(layout, options({ target: 0, signal: stop.signal }));
    setImmediate(() => stop.abort());
    await running;
    const left = await filesOf(layout, 'a');
    expect(left.length).toBeGreaterThan(0);
    expect((await prune(layout, options({ target: 0 }))).status).toBe('pruned');
    expect(await filesOf(layout, 'a')).toEqual([]);
  });
});
