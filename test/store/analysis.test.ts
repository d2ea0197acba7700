import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Analysis } from '../../src/store/analysis.ts';
import { openAnalysis } from '../../src/store/analysis.ts';
import { codec as openCodec } from '../../src/store/codec.ts';
import type { FileToStore } from '../../src/store/files.ts';
import { openLayout } from '../../src/store/layout.ts';
import { placeRepository } from '../../src/store/repository.ts';
import type { AnalysisToStore, ResultRow } from '../../src/store/result-rows.ts';
import { resultRow } from '../../src/store/result-rows.ts';
import type { Finding, Severity } from '../../src/types/finding.ts';
import { sha256 } from '../../src/util/hash.ts';
import { temporary } from './support.ts';

const codec = await openCodec();

const DAY = 24 * 60 * 60 * 1000;
const NOW = 100 * DAY;

async function open(home = temporary()): Promise<{ analysis: Analysis; path: string; home: string }> {
  const layout = openLayout(home);
  const place = placeRepository(layout, { path: '/r', fullHash: sha256('/r'), gitCommonDir: null });
  return { analysis: await openAnalysis(layout, place), path: place.analysis, home };
}

const file = (path: string, given: Partial<FileToStore> = {}): FileToStore => ({
  path,
  stamp: `10:${path}`,
  racy: false,
  contentHash: sha256(path),
  skipReason: null,
  failure: null,
  role: 'library',
  generated: false,
  lines: 12,
  items: 3,
  units: 2,
  testUnits: 1,
  broken: null,
  localVersion: 1,
  rulesHash: 'r',
  syncedAt: NOW,
  facts: codec.pack({ units: [path] }, 'derived'),
  ...given,
});

const finding = (severity: Severity, startLine: number, suppressed?: string): Finding => ({
  id: `${severity}${startLine}`,
  rule: 'transmute',
  source: 'local',
  severity,
  category: 'safety',
  title: 't',
  message: 'm',
  item: 'f',
  quote: 'q',
  startLine,
  startColumn: 1,
  endLine: startLine,
  endColumn: 2,
  ...(suppressed === undefined ? {} : { suppressed }),
});

const analysisOf = (path: string, given: Partial<AnalysisToStore> = {}): ResultRow =>
  resultRow(
    {
      path,
      contentHash: sha256(path),
      cacheKey: sha256(`key ${path}`),
      modelId: 'grok-4.3',
      promptHash: 'p',
      generationTimeMs: 1500,
      apiCostMillicents: 12,
      inputTokens: 900,
      outputTokens: 100,
      at: NOW,
      findings: [],
      scores: { quality: 80.5, security: 70, maintainability: null, complexity: 60, documentation: 50 },
      missing: [],
      answerKeys: [],
      result: { of: path },
      ...given,
    },
    codec,
  );

describe('files', () => {
  test('are looked at again where they were racy, failed, not to be read, or parsed otherwise', async () => {
    const { analysis } = await open();
    const unread = { contentHash: null, facts: null } as const;
    analysis.putFiles([
      file('good.rs'),
      file('racy.rs', { racy: true }),
      file('failed.rs', { ...unread, failure: 'aborted' }),
      file('secret.rs', { ...unread, skipReason: 'unreadable' }),
      file('image.rs', { ...unread, skipReason: 'binary' }),
      file('rules.rs', { rulesHash: 'other' }),
    ]);
    const known = analysis.known({ localVersion: 1, rulesHash: 'r' });
    expect(known.filter(({ stamp }) => stamp !== '').map(({ path }) => path)).toEqual([
      'good.rs',
      'image.rs',
    ]);
    analysis.close();
  });

  test('come back as they were stored, by path, skipped and failed ones too', async () => {
    const { analysis } = await open();
    const skipped = { contentHash: null, skipReason: 'too-large', facts: null } as const;
    const odd = file('a b/ü\n"\'.rs', { racy: true, generated: true, broken: 'unexpected' });
    const stored = [
      file('src/lib.rs'),
      odd,
      file('x.rs', skipped),
      file('y.rs', { failure: 'aborted', facts: null }),
    ];
    analysis.putFiles(stored);
    const plain = stored.map(({ facts: _facts, ...row }) => row).sort((a, b) => (a.path < b.path ? -1 : 1));
    expect(analysis.files(null)).toEqual(plain);
    expect(await analysis.getFacts('src/lib.rs')).toEqual({ units: ['src/lib.rs'] });
    expect(await analysis.getFacts('x.rs')).toBeNull();
    expect(await analysis.getFacts('none.rs')).toBeNull();
    analysis.close();
  });

  test('are replaced, restamped and removed, with all that hangs on them', async () => {
    const { analysis } = await open();
    analysis.putFiles([file('a.rs'), file('b.rs'), file('c.rs')]);
    analysis.putResults([analysisOf('a.rs'), analysisOf('b.rs')]);
    analysis.putFiles([file('a.rs', { stamp: 'new', facts: null })]);
    expect(await analysis.getFacts('a.rs')).toBeNull();
    expect(await analysis.getAnalysis('a.rs')).toEqual({ of: 'a.rs' });
    analysis.restamp([{ path: 'c.rs', stamp: 'later', racy: true }]);
    expect(analysis.files(null).map(({ stamp, racy }) => [stamp, racy])).toEqual([
      ['new', false],
      ['10:b.rs', false],
      ['later', true],
    ]);
    analysis.remove(['a.rs', 'b.rs', 'never.rs']);
    expect(analysis.files(null).map(({ path }) => path)).toEqual(['c.rs']);
    expect(analysis.results(null)).toEqual([]);
    expect(analysis.prunable().map(({ path }) => path)).toEqual(['c.rs']);
    analysis.close();
  });
});

describe('results', () => {
  test('have every column of the design paper’s table', async () => {
    const { analysis } = await open();
    const columns = analysis.database.prepare<{ name: string }>('pragma table_info(file_analysis)').all();
    expect(columns.map(({ name }) => name)).toEqual(
      expect.arrayContaining(
        `id file_path content_hash cache_key analysis_json model_id prompt_hash schema_version generation_time_ms
         api_cost_millicents input_tokens output_tokens created_at last_accessed access_count size_bytes
         repo_id`.split(/\s+/),
      ),
    );
    expect(columns.at(-1)?.name).toBe('analysis_json');
    analysis.close();
  });

  test('tell their summary without a blob', async () => {
    const { analysis } = await open();
    analysis.putFiles([file('a.rs'), file('d/b.rs'), file('d.rs')]);
    const findings = [finding('high', 3), finding('low', 1), finding('high', 9, 'known'), finding('info', 2)];
    const keys = [sha256('1'), sha256('2')];
    analysis.putResults([
      analysisOf('a.rs', { findings, missing: [sha256('3')], answerKeys: keys }),
      analysisOf('d/b.rs', { findings: [finding('critical', 1)] }),
      analysisOf('d.rs'),
    ]);
    analysis.database.exec("UPDATE file_analysis SET analysis_json = x'09'");
    expect(analysis.results(null)[0]).toEqual({
      path: 'a.rs',
      contentHash: sha256('a.rs'),
      complete: 0,
      ...{ quality: 80.5, security: 70, maintainability: null, complexity: 60, documentation: 50 },
    });
    const lines = file('a.rs').lines;
    const known = (score: number, files: number) => ({ points: score * lines * files, lines: lines * files });
    expect(analysis.totals(null)).toEqual({
      files: 3,
      findings: { critical: 1, high: 1, medium: 0, low: 1, info: 1 },
      suppressed: 1,
      scores: {
        quality: known(80.5, 3),
        security: known(70, 3),
        maintainability: { points: 0, lines: 0 },
        complexity: known(60, 3),
        documentation: known(50, 3),
      },
    });
    expect(analysis.totals(['d/b.rs', 'd.rs'])).toMatchObject({
      findings: { critical: 1, high: 0 },
      scores: { quality: known(80.5, 2) },
    });
    expect(analysis.totals([])).toMatchObject({ suppressed: 0, scores: { quality: { lines: 0 } } });
    expect(analysis.results(['d.rs']).map(({ path }) => path)).toEqual(['d.rs']);
    analysis.close();
  });

  test('give the worst findings of all files, the worst first, then by path and line', async () => {
    const { analysis } = await open();
    const paths = ['a.rs', 'b/c.rs', 'z.rs'];
    analysis.putFiles(paths.map((path) => file(path)));
    const many = Array.from({ length: 30 }, (_, line) => finding('medium', 30 - line));
    analysis.putResults([
      analysisOf('z.rs', {
        findings: [finding('critical', 5, 'known'), finding('high', 5), finding('high', 2)],
      }),
      analysisOf('b/c.rs', { findings: [finding('low', 1), finding('critical', 7), finding('high', 8)] }),
      analysisOf('a.rs', { findings: many }),
    ]);
    const shown = (limit: number, only: readonly string[] | null) =>
      [...analysis.worst(limit, only).findings].map(([path, found]) => [path, found.map(({ id }) => id)]);
    expect(shown(6, null)).toEqual([
      ['b/c.rs', ['critical7', 'high8']],
      ['z.rs', ['high2', 'high5']],
      ['a.rs', ['medium1', 'medium2']],
    ]);
    expect(shown(2, null)).toEqual([['b/c.rs', ['critical7', 'high8']]]);
    expect(shown(100, null).flatMap(([, ids]) => ids)).toHaveLength(24);
    expect(shown(9, ['b/c.rs'])).toEqual([['b/c.rs', ['critical7', 'high8']]]);
    for (const damage of ["'[{'", "'9'", "x'09'"]) {
      analysis.database.exec(`UPDATE file_analysis SET worst = ${damage} WHERE file_path = 'z.rs'`);
      expect(analysis.worst(100, null).damaged).toEqual(['z.rs']);
    }
    expect(shown(100, null).map(([path]) => path)).toEqual(['b/c.rs', 'a.rs']);
    analysis.close();
  });

  test('tell which files’ results are missing, of another content or variant, or lack answers', async () => {
    const { analysis } = await open();
    const skipped = { contentHash: null, skipReason: 'too-large', facts: null } as const;
    const paths = ['good.rs', 'none.rs', 'old.rs', 'open.rs', 'rules.rs'];
    analysis.putFiles([...paths.map((path) => file(path)), file('big.rs', skipped)]);
    const result = (path: string, given: Partial<AnalysisToStore> = {}) =>
      analysisOf(path, { cacheKey: `abc/${path}`, contentHash: file(path).contentHash ?? '', ...given });
    analysis.putResults([
      result('good.rs'),
      result('old.rs', { contentHash: 'before' }),
      result('open.rs', { missing: ['1', '2'] }),
      result('rules.rs', { cacheKey: 'abb/rules.rs' }),
    ]);
    expect(analysis.withoutResult([...paths, 'gone.rs'])).toEqual(['none.rs', 'gone.rs']);
    expect(analysis.unsettled('abc').map(({ path, state, missing }) => [path, state, missing ?? 0])).toEqual([
      ['none.rs', 'none', 0],
      ['old.rs', 'other', 0],
      ['open.rs', 'open', 2],
      ['rules.rs', 'other', 0],
    ]);
    expect(analysis.unsettled('abd')).toHaveLength(5);
    analysis.close();
  });

  test('are replaced by path', async () => {
    const { analysis } = await open();
    analysis.putFiles([file('a.rs')]);
    analysis.putResults([analysisOf('a.rs')]);
    analysis.putResults([analysisOf('a.rs', { cacheKey: 'other', result: { second: true } })]);
    expect(analysis.results(null)).toHaveLength(1);
    expect(await analysis.getAnalysis('a.rs')).toEqual({ second: true });
    expect(() => analysis.putResults([analysisOf('unknown.rs')])).toThrow(/FOREIGN KEY/);
    analysis.close();
  });

  test('one flipped bit, or a format that is gone, is a miss', async () => {
    const { analysis } = await open();
    analysis.putFiles([file('a.rs')]);
    analysis.putResults([analysisOf('a.rs')]);
    const { analysis_json: blob } = analysis.database
      .prepare('SELECT analysis_json FROM file_analysis')
      .get() as {
      analysis_json: Uint8Array;
    };
    const flipped = Uint8Array.from(blob, (byte, at) => (at === 3 ? byte ^ 4 : byte));
    analysis.database.prepare('UPDATE file_analysis SET analysis_json = ?').run(flipped);
    expect(await analysis.getAnalysis('a.rs')).toBeNull();
    analysis.database.prepare('UPDATE file_analysis SET analysis_json = ?').run(blob);
    expect(await analysis.getAnalysis('a.rs')).toEqual({ of: 'a.rs' });
    analysis.database.exec(
      'UPDATE file_analysis SET schema_version = 0; UPDATE file_facts SET schema_version = 2',
    );
    expect(await analysis.getAnalysis('a.rs')).toBeNull();
    expect(await analysis.getFacts('a.rs')).toBeNull();
    expect(analysis.prunable()).toMatchObject([{ compatible: false }]);
    analysis.close();
  });

  test('tell pruning what they weigh and which answers they read', async () => {
    const { analysis } = await open();
    const keys = [sha256('1'), sha256('2')];
    analysis.putFiles([
      file('a.rs', { facts: codec.pack({ noise: sha256('n') }, 'derived') }),
      file('only-facts.rs'),
    ]);
    analysis.putResults([analysisOf('a.rs', { answerKeys: keys, at: NOW - DAY })]);
    const [first, second] = analysis.prunable();
    expect(first).toMatchObject({
      path: 'a.rs',
      createdAt: NOW - DAY,
      lastAccessed: NOW - DAY,
      compatible: true,
      answerKeys: keys,
    });
    expect(second).toMatchObject({ path: 'only-facts.rs', lastAccessed: NOW, answerKeys: [] });
    expect(first?.bytes).toBeGreaterThan(400 + 64);
    analysis.close();
  });
});

test('reading counts once a day', async () => {
  const { analysis } = await open();
  analysis.putFiles([file('a.rs'), file('b.rs')]);
  analysis.putResults([analysisOf('a.rs'), analysisOf('b.rs', { at: NOW - DAY })]);
  analysis.touch(NOW + DAY / 2);
  expect(analysis.prunable().map(({ lastAccessed }) => lastAccessed)).toEqual([NOW, NOW + DAY / 2]);
  expect(analysis.prunable().map(({ accessCount }) => accessCount)).toEqual([1, 2]);
  analysis.close();
});

test('a run that changes nothing writes nothing', async () => {
  const first = await open();
  first.analysis.putFiles([file('a.rs')]);
  first.analysis.putResults([analysisOf('a.rs', { findings: [finding('high', 1)] })]);
  first.analysis.close();
  const state = () => {
    const { ino, size, mtimeNs } = statSync(first.path, { bigint: true });
    return {
      ino,
      size,
      mtimeNs,
      bytes: sha256(readFileSync(first.path)),
      beside: readdirSync(join(first.path, '..')),
    };
  };
  const before = state();
  const { analysis } = await open(first.home);
  expect([analysis.files(null), analysis.results(null), analysis.worst(20, null)]).toHaveLength(3);
  await analysis.getAnalysis('a.rs');
  analysis.restamp([]);
  analysis.remove([]);
  analysis.touch(NOW + 1);
  expect(statSync(`${first.path}-wal`).size).toBe(0);
  analysis.close();
  expect(state()).toEqual(before);
});
