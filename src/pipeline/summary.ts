import { repositoryScores } from '../lint/scores.ts';
import type { Cost, FileReport, RepositoryReport, Summary } from '../report/model.ts';
import type { AnalysisRow, Totals, WorstFinding } from '../store/results.ts';
import type { FileStatus, Finding, SkippedFile, SkipReason } from '../types.ts';
import { TICKS_PER_USD } from '../types.ts';
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
  readonly synced: readonly SyncedFile[];
  /** `synced` is all that is stored of the repository. */
  readonly whole: boolean;
  readonly skipped: readonly SkippedFile[];
  readonly bought: Bought;
  readonly detail: Detail;
  readonly elapsedMs: number;
  readonly interrupted: boolean;
}

/**
 * The report of one repository, from what is stored and what this run did. With the worst findings alone, only
 * the files that have something to show are listed; what the others add up to is summed where it is stored.
 */
export async function summarize(input: SummaryInput): Promise<RepositoryReport> {
  const { repository, synced, whole, skipped, detail, bought } = input;
  const { analysis } = repository;
  const paths = whole ? null : synced.map(({ path }) => path);
  const worst = detail.kind === 'worst' ? byPath(analysis.worst(detail.limit, paths)) : null;
  const rows = new Map(
    analysis.results(worst === null ? paths : [...worst.keys()]).map((row) => [row.path, row]),
  );
  const unmerged = new Set(analysis.unmerged());
  const count = newCount();
  const files: FileReport[] = [];
  for (const file of synced) {
    const status = statusOf(file, unmerged, bought);
    countFile(count, file, status);
    const shown = worst === null || status === 'skipped' || status === 'failed' || worst.has(file.path);
    if (!shown) continue;
    const row = rows.get(file.path) ?? null;
    const stored =
      worst === null && row !== null ? await analysis.getAnalysis<StoredResult>(file.path) : null;
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
    summary: summaryOf(input, count, analysis.totals(paths)),
    files,
  };
}

function byPath(worst: readonly WorstFinding[]): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const { path, finding } of worst) found.set(path, [...(found.get(path) ?? []), finding]);
  return found;
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

function statusOf(
  { path, row, state }: SyncedFile,
  unmerged: ReadonlySet<string>,
  bought: Bought,
): FileStatus {
  if (row.skipReason !== null) return 'skipped';
  if (row.failure !== null || unmerged.has(path)) return 'failed';
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
  items: number;
  lines: number;
}

function newCount(): Count {
  return {
    files: { found: 0, analyzed: 0, cached: 0, reused: 0, skipped: 0, failed: 0 },
    skipped: {},
    items: 0,
    lines: 0,
  };
}

function countFile(count: Count, { row }: SyncedFile, status: FileStatus): void {
  if (row.skipReason !== null) {
    countSkipped(count, row.skipReason);
    return;
  }
  count.files.found += 1;
  count.files[status] += 1;
  count.items += row.units;
  count.lines += row.lines;
}

function countSkipped({ files, skipped }: Count, reason: SkipReason): void {
  files.found += 1;
  files.skipped += 1;
  skipped[reason] = (skipped[reason] ?? 0) + 1;
}

function summaryOf(
  { bought, elapsedMs, interrupted }: SummaryInput,
  { files, skipped, items, lines }: Count,
  { findings, suppressed, scores }: Totals,
): Summary {
  const known = Object.values(scores).some((score) => score.lines > 0);
  return {
    files,
    skipped,
    items: { found: items, ...bought.items },
    findings,
    suppressed,
    scores: known ? repositoryScores(scores) : null,
    cost: { ...bought.cost, usd: bought.cost.ticks / TICKS_PER_USD },
    lines,
    elapsedMs,
    incomplete: interrupted || files.failed > 0 || bought.incomplete,
  };
}
