import { repositoryScores } from '../lint/scores.ts';
import type { Cost, FileReport, RepositoryReport, Summary } from '../report/model.ts';
import type { AnalysisRow } from '../store/result-rows.ts';
import type { Totals } from '../store/results.ts';
import type { Analysis } from '../store/analysis.ts';
import type { FileStatus } from '../types/run.ts';
import type { SkippedFile, SkipReason } from '../types/source.ts';
import { TICKS_PER_USD } from '../types/answer.ts';
import type { StoredResult } from './merge.ts';
import type { OpenRepository } from './repository.ts';
import type { FileRow, FileSums, Paths } from '../store/files.ts';
import { byPath } from '../util/order.ts';
import type { Synced } from './sync.ts';

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
  readonly synced: Synced;
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
  const paths = whole ? null : synced.paths;
  // What cannot be read is forgotten before it is summed: a count without its findings would be a lie.
  const { stored, damaged } = await shownOf(analysis, detail, paths, synced);
  analysis.remove(damaged);
  const rows = new Map(analysis.results([...stored.keys()]).map((row) => [row.path, row]));
  const unread = new Map(analysis.unread(paths).map((row) => [row.path, row]));
  const totals = analysis.totals(paths);
  const allThere = totals.files + unread.size === synced.paths.length;
  const unmerged = new Set(allThere ? [] : analysis.withoutResult(synced.paths));
  const count = newCount();
  const files: FileReport[] = [];
  for (const path of synced.paths) {
    const gap = unread.get(path) ?? (unmerged.has(path) ? NOT_STORED : undefined);
    if (gap !== undefined) {
      files.push(countGap(count, path, gap));
      continue;
    }
    const status = statusOf(path, synced, bought);
    count.files.found += 1;
    count.files[status] += 1;
    const row = rows.get(path);
    const result = stored.get(path);
    if (row !== undefined && result !== undefined) files.push(fileReport(row, status, result));
  }
  for (const { path, reason } of skipped) {
    countSkipped(count, reason);
    files.push(leftOut(path, 'skipped', reason));
  }
  if (skipped.length > 0) files.sort(byPath);
  const { root } = repository.target.root;
  return {
    id: repository.id,
    path: root,
    commit: repository.commit,
    summary: summaryOf(input, count, totals, analysis.fileSums(paths)),
    files,
  };
}

interface Shown {
  readonly stored: ReadonlyMap<string, StoredResult>;
  /** Paths whose result is there and cannot be read. */
  readonly damaged: readonly string[];
}

async function shownOf(analysis: Analysis, detail: Detail, paths: Paths, synced: Synced): Promise<Shown> {
  const stored = new Map<string, StoredResult>();
  if (detail.kind === 'worst') {
    const { findings, damaged } = analysis.worst(detail.limit, paths);
    for (const [path, worst] of findings) stored.set(path, { findings: worst, metrics: null });
    return { stored, damaged };
  }
  const damaged: string[] = [];
  const missing = new Set(analysis.withoutResult(synced.paths));
  for (const path of synced.paths) {
    if (missing.has(path)) continue;
    const result = await analysis.getAnalysis<StoredResult>(path);
    if (result === null) damaged.push(path);
    else stored.set(path, result);
  }
  return { stored, damaged };
}

function fileReport(row: AnalysisRow, status: FileStatus, { metrics, findings }: StoredResult): FileReport {
  const { path, contentHash, quality, security, maintainability, complexity, documentation } = row;
  // A file that did not parse cleanly has none.
  const scores = { quality, security, maintainability, complexity, documentation };
  return {
    path,
    status,
    contentHash,
    complete: row.complete === 1,
    scores: Object.values(scores).every((score) => score === null) ? null : scores,
    metrics,
    findings,
  };
}

const NOT_STORED = {
  skipReason: null,
  failure: 'its result is damaged, or was removed meanwhile: the next run makes it again',
};

/** A file of which nothing is known. */
function countGap(
  count: Count,
  path: string,
  { skipReason, failure }: Pick<FileRow, 'skipReason' | 'failure'>,
): FileReport {
  if (skipReason !== null) {
    countSkipped(count, skipReason);
    return leftOut(path, 'skipped', skipReason);
  }
  count.files.found += 1;
  count.files.failed += 1;
  return leftOut(path, 'failed', failure ?? '');
}

function statusOf(path: string, { parsed }: Synced, bought: Bought): 'analyzed' | 'cached' | 'reused' {
  if (bought.paidFiles.has(path)) return 'analyzed';
  if (bought.reusedFiles.has(path)) return 'reused';
  return parsed.has(path) ? 'analyzed' : 'cached';
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

/** Files of a run. */
interface Count {
  readonly files: Record<FileStatus | 'found', number>;
  readonly skipped: Partial<Record<SkipReason, number>>;
}

function newCount(): Count {
  return { files: { found: 0, analyzed: 0, cached: 0, reused: 0, skipped: 0, failed: 0 }, skipped: {} };
}

function countSkipped({ files, skipped }: Count, reason: SkipReason): void {
  files.found += 1;
  files.skipped += 1;
  skipped[reason] = (skipped[reason] ?? 0) + 1;
}

function summaryOf(
  { bought, elapsedMs, interrupted }: SummaryInput,
  { files, skipped }: Count,
  { findings, suppressed, scores }: Totals,
  { units, lines, broken }: FileSums,
): Summary {
  const known = Object.values(scores).some((score) => score.lines > 0);
  return {
    files,
    skipped,
    items: { found: units, ...bought.items },
    findings,
    suppressed,
    news: null,
    scores: known ? repositoryScores(scores) : null,
    broken,
    cost: { ...bought.cost, usd: bought.cost.ticks / TICKS_PER_USD },
    lines,
    elapsedMs,
    incomplete: interrupted || files.failed > 0 || (skipped.unreadable ?? 0) > 0 || bought.incomplete,
  };
}
