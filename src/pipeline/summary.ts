import { repositoryScores } from '../lint/scores.ts';
import type { Cost, FileReport, RepositoryReport, Summary } from '../report/model.ts';
import type { AnalysisRow } from '../store/result-rows.ts';
import type { FileStatus, Finding, Scores, Severity, SkippedFile, SkipReason } from '../types.ts';
import { SEVERITIES, TICKS_PER_USD } from '../types.ts';
import type { StoredResult } from './merge.ts';
import type { OpenRepository } from './repository.ts';
import type { SyncedFile } from './sync.ts';

/** How much of the findings the reader wants: the worst of the run, or all of them. */
export type Detail = { readonly kind: 'worst'; readonly limit: number } | { readonly kind: 'all' };

/** What buying did, for the summary; all zero under the local provider. */
export interface Bought {
  readonly items: Omit<Summary['items'], 'found'>;
  readonly cost: Omit<Cost, 'usd'>;
  /** Files that got an answer in this run, and those whose answers were all there already. */
  readonly paidFiles: ReadonlySet<string>;
  readonly reusedFiles: ReadonlySet<string>;
  readonly incomplete: boolean;
}

export const NOTHING_BOUGHT: Bought = {
  items: { paid: 0, cached: 0, reused: 0, missing: 0, failed: 0 },
  cost: { ticks: 0, requests: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, estimated: false },
  paidFiles: new Set(),
  reusedFiles: new Set(),
  incomplete: false,
};

export interface SummaryInput {
  readonly repository: OpenRepository;
  /** What is stored of the files by now. */
  readonly results: readonly AnalysisRow[];
  readonly synced: readonly SyncedFile[];
  readonly skipped: readonly SkippedFile[];
  readonly bought: Bought;
  readonly detail: Detail;
  readonly elapsedMs: number;
  readonly interrupted: boolean;
}

/**
 * The report of one repository, from what is stored and what this run did. With the worst findings alone, only
 * the files that have something to show are listed.
 */
export async function summarize(input: SummaryInput): Promise<RepositoryReport> {
  const { repository, synced, skipped, detail, bought } = input;
  const rows = new Map(input.results.map((row) => [row.path, row]));
  const worst = detail.kind === 'worst' ? worstByPath(input, detail.limit) : null;
  const count = newCount();
  const files: FileReport[] = [];
  for (const file of synced) {
    const row = rows.get(file.path) ?? null;
    const status = statusOf(file, row, bought);
    countFile(count, file, row, status);
    const shown = worst === null || status === 'skipped' || status === 'failed' || worst.has(file.path);
    if (!shown) continue;
    const stored = worst === null && row !== null ? await storedResult(repository, file) : null;
    files.push(fileReport(file, row, status, stored, worst?.get(file.path) ?? []));
  }
  for (const { path, reason } of skipped) {
    countSkipped(count, reason);
    files.push(leftOut(path, 'skipped', reason));
  }
  if (skipped.length > 0) files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const { root } = repository.target.root;
  return {
    id: repository.id,
    path: root,
    commit: repository.commit,
    summary: summaryOf(input, count),
    files,
  };
}

function worstByPath({ repository, synced, results }: SummaryInput, limit: number): Map<string, Finding[]> {
  const wanted = new Set(synced.map(({ path }) => path));
  // Where the run looked at a part alone, the worst of that part may come late among those of the whole.
  const least = results.every(({ path }) => wanted.has(path)) ? limit : Number.MAX_SAFE_INTEGER;
  const byPath = new Map<string, Finding[]>();
  for (const { path, finding } of repository.analysis.worst(least)) {
    if (wanted.has(path)) byPath.set(path, [...(byPath.get(path) ?? []), finding]);
  }
  return byPath;
}

async function storedResult(
  { analysis }: OpenRepository,
  { path }: SyncedFile,
): Promise<StoredResult | null> {
  return analysis.getAnalysis<StoredResult>(path);
}

function fileReport(
  { path, row }: SyncedFile,
  result: AnalysisRow | null,
  status: FileStatus,
  stored: StoredResult | null,
  worst: readonly Finding[],
): FileReport {
  if (status === 'skipped') return leftOut(path, status, row.skipReason ?? '');
  if (status === 'failed' || result === null) return leftOut(path, 'failed', row.failure ?? NOT_STORED);
  const { quality, security, maintainability, complexity, documentation } = result;
  return {
    path,
    status,
    contentHash: row.contentHash,
    complete: result.complete === 1,
    scores: row.broken === null ? { quality, security, maintainability, complexity, documentation } : null,
    metrics: stored?.metrics ?? null,
    findings: stored?.findings ?? worst,
  };
}

const NOT_STORED = 'the run ended before its result was stored';

function statusOf({ path, row, state }: SyncedFile, result: AnalysisRow | null, bought: Bought): FileStatus {
  if (row.skipReason !== null) return 'skipped';
  if (row.failure !== null || result === null) return 'failed';
  if (bought.paidFiles.has(path)) return 'analyzed';
  if (bought.reusedFiles.has(path)) return 'reused';
  return state === 'parsed' ? 'analyzed' : 'cached';
}

function leftOut(path: string, status: 'skipped' | 'failed', reason: string): FileReport {
  return {
    path,
    status,
    reason,
    contentHash: null,
    complete: false,
    scores: null,
    metrics: null,
    findings: [],
  };
}

/** Sums over the files of a run. */
interface Count {
  readonly files: Record<FileStatus | 'found', number>;
  readonly skipped: Partial<Record<SkipReason, number>>;
  readonly findings: Record<Severity, number>;
  readonly scored: { readonly scores: Scores; readonly lines: number }[];
  suppressed: number;
  items: number;
  lines: number;
}

function newCount(): Count {
  return {
    files: { found: 0, analyzed: 0, cached: 0, reused: 0, skipped: 0, failed: 0 },
    skipped: {},
    findings: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
    scored: [],
    suppressed: 0,
    items: 0,
    lines: 0,
  };
}

function countFile(count: Count, { row }: SyncedFile, result: AnalysisRow | null, status: FileStatus): void {
  if (row.skipReason !== null) {
    countSkipped(count, row.skipReason);
    return;
  }
  count.files.found += 1;
  count.files[status] += 1;
  count.items += row.units;
  count.lines += row.lines;
  if (status === 'failed' || result === null) return;
  count.suppressed += result.suppressed;
  for (const name of SEVERITIES) count.findings[name] += result[name];
  if (row.broken === null) count.scored.push({ scores: result, lines: row.lines });
}

function countSkipped({ files, skipped }: Count, reason: SkipReason): void {
  files.found += 1;
  files.skipped += 1;
  skipped[reason] = (skipped[reason] ?? 0) + 1;
}

function summaryOf({ bought, elapsedMs, interrupted }: SummaryInput, count: Count): Summary {
  const { files, skipped, findings, suppressed, scored, items, lines } = count;
  return {
    files,
    skipped,
    items: { found: items, ...bought.items },
    findings,
    suppressed,
    scores: scored.length === 0 ? null : repositoryScores(scored),
    cost: { ...bought.cost, usd: bought.cost.ticks / TICKS_PER_USD },
    lines,
    elapsedMs,
    incomplete: interrupted || files.failed > 0 || bought.incomplete,
  };
}
