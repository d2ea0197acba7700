/** Values that renderers are shown: every shape that a report can have, and text that would harm a terminal. */
import type { Report, RepositoryReport } from '../../src/report/model.ts';
import type { Finding, Scores } from '../../src/types/finding.ts';
import type { FileMetrics } from '../../src/types/syntax.ts';

const METRICS: FileMetrics = {
  ...{ lines: 120, functions: 4, cognitive: 20, cognitiveMax: 12, cyclomatic: 18, cyclomaticMax: 9 },
  ...{ functionLinesMax: 40, parametersMax: 3, nestingMax: 4, unsafeBlocks: 1, unwraps: 2, expects: 0 },
  ...{ panics: 0, awaits: 1, publicItems: 4, documentedItems: 3 },
};

const SCORES: Scores = { quality: 81, security: 74, maintainability: 77, complexity: 69, documentation: 58 };

export function finding(given: Partial<Finding> = {}): Finding {
  return {
    id: '0123456789abcdef',
    rule: 'lock-across-await',
    source: 'local',
    severity: 'high',
    category: 'concurrency',
    title: 'MutexGuard held across .await',
    message: 'The guard lives until the end of the statement.',
    item: 'Pool::acquire',
    quote: 'let conn = guard.next().await?;',
    startLine: 141,
    startColumn: 13,
    endLine: 141,
    endColumn: 44,
    ...given,
  };
}

const LLM = finding({
  ...{ id: '1111111111111111', rule: 'review', source: 'llm', severity: 'critical', item: 'Ring::push' },
  ...{ title: 'Index one past the end', message: 'Every call panics.', suggestion: 'Use len() - 1.' },
  ...{ quote: 'slots[\n    slots.len()\n]', startLine: 12, startColumn: 1, endLine: 14, endColumn: 2 },
});

const HOSTILE = finding({
  ...{ id: '2222222222222222', rule: 'hidden-characters', severity: 'medium', item: '', startLine: 1 },
  ...{ title: 'hidden \u001b[31m characters', quote: 'let a = "\u202e\u0007";' },
});

const SUPPRESSED = finding({ id: '3333333333333333', severity: 'critical', suppressed: 'checked by hand' });
const LOW = finding({
  id: '4444444444444444',
  rule: 'ignored-result',
  severity: 'low',
  title: 'result ignored',
});

export const REPOSITORY: RepositoryReport = {
  id: 'a'.repeat(64),
  path: '/home/someone/tidewater',
  commit: '3f9c2ab000000000000000000000000000000000',
  summary: {
    files: { found: 6, analyzed: 1, cached: 1, reused: 1, skipped: 2, failed: 1 },
    skipped: { 'too-large': 1, 'not-utf8': 1 },
    items: { found: 612, paid: 3, cached: 600, reused: 4, missing: 4, failed: 1 },
    findings: { critical: 1, high: 1, medium: 1, low: 1, info: 0 },
    suppressed: 1,
    news: null,
    scores: { ...SCORES, documentation: null },
    broken: 1,
    cost: {
      ...{
        ticks: 24e8,
        usd: 0.24,
        requests: 10,
        inputTokens: 120_000,
        cachedTokens: 9000,
        outputTokens: 9999,
      },
      estimated: true,
    },
    lines: 11_240,
    elapsedMs: 912,
    incomplete: true,
  },
  files: [
    {
      ...{ path: 'src/net/pool.rs', status: 'analyzed', contentHash: 'b'.repeat(64), complete: true },
      ...{ scores: SCORES, metrics: METRICS, findings: [finding(), LOW, SUPPRESSED] },
    },
    {
      ...{ path: 'src/ring.rs', status: 'cached', contentHash: 'c'.repeat(64), complete: false },
      ...{ scores: null, metrics: null, findings: [LLM] },
    },
    {
      ...{
        path: 'src/with \u001b[2J name.rs',
        status: 'reused',
        contentHash: 'd'.repeat(64),
        complete: true,
      },
      ...{ scores: SCORES, metrics: METRICS, findings: [HOSTILE] },
    },
    {
      ...{ path: 'src/deep.rs', status: 'failed', reason: 'parsing took over 15 s', contentHash: null },
      ...{ complete: false, scores: null, metrics: null, findings: [] },
    },
    {
      ...{ path: 'src/huge.rs', status: 'skipped', reason: 'too-large', contentHash: null },
      ...{ complete: false, scores: null, metrics: null, findings: [] },
    },
    {
      ...{ path: 'src/latin1.rs', status: 'skipped', reason: 'not-utf8', contentHash: null },
      ...{ complete: false, scores: null, metrics: null, findings: [] },
    },
  ],
};

export const REPORT: Report = {
  schemaVersion: 1,
  tool: { name: 'rustassistant', version: '0.0.0' },
  provider: 'xai',
  model: 'grok-4.3',
  repositories: [REPOSITORY],
  notices: [{ code: 'backlog-portion', message: "today's portion is bought, 3 requests wait" }],
};

/** The same without a model, a commit or anything found. */
export const CLEAN: Report = {
  ...REPORT,
  provider: 'local',
  model: null,
  notices: [],
  repositories: [
    {
      ...REPOSITORY,
      path: '/home/someone/clean',
      commit: null,
      files: [],
      summary: {
        ...REPOSITORY.summary,
        files: { found: 1, analyzed: 0, cached: 1, reused: 0, skipped: 0, failed: 0 },
        skipped: {},
        items: { found: 1, paid: 0, cached: 0, reused: 0, missing: 0, failed: 0 },
        findings: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
        suppressed: 0,
        scores: null,
        broken: 0,
        cost: { ...REPOSITORY.summary.cost, ticks: 0, usd: 0, requests: 0, estimated: false },
        lines: 1,
        incomplete: false,
      },
    },
  ],
};

/** Names that a file may have and a reader may stumble over. */
export const ODD_PATHS = [
  'src/with space.rs',
  'src/a#b.rs',
  'src/100%25.rs',
  'src/größe/日本.rs',
  'src/q?x=1&y=2.rs',
  'src/a:b,c.rs',
  "src/it's (1).rs",
  'src/`tick` | <b>.rs',
  'src/\u202erev.rs',
  'src/back\\slash.rs',
  'src/::error::x.rs',
] as const;

/** One repository with one file for each path, and what is found in it. */
export function reportOf(found: Readonly<Record<string, readonly Finding[]>>): Report {
  const files = Object.entries(found).map(([path, findings]) => ({
    ...{ path, status: 'analyzed' as const, contentHash: 'b'.repeat(64), complete: true },
    ...{ scores: SCORES, metrics: METRICS, findings },
  }));
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity, suppressed } of files.flatMap(({ findings }) => findings)) {
    if (suppressed === undefined) counts[severity] += 1;
  }
  const summary = { ...REPOSITORY.summary, findings: counts };
  return { ...REPORT, repositories: [{ ...REPOSITORY, files, summary }] };
}

const GRADES = ['info', 'low', 'medium', 'high', 'critical'] as const;

/** A report of so many findings, ten a file, of every severity, each with an id of its own. */
export function crowd(count: number, given: Partial<Finding> = {}): Report {
  const found: Record<string, Finding[]> = {};
  for (let index = 0; index < count; index += 1) {
    const path = `src/file_${Math.floor(index / 10)}.rs`;
    const severity = GRADES[index % GRADES.length] ?? 'info';
    const id = index.toString(16).padStart(16, '0');
    (found[path] ??= []).push(finding({ id, severity, startLine: index + 1, endLine: index + 1, ...given }));
  }
  return reportOf(found);
}
