import { repositoryScores } from '../lint/scores.ts';
import type { Cost, FileReport, RepositoryReport, SeverityCounts, Summary } from '../report/model.ts';
import type { AnalysisRow } from '../store/results.ts';
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
  readonly synced: readonly SyncedFile[];
  readonly skipped: readonly SkippedFile[];
  readonly bought: Bought;
  readonly detail: Detail;
  readonly elapsedMs: number;
  readonly interrupted: boolean;
}

/** The report of one repository, from what is stored and what this run did. */
export async function summarize(input: SummaryInput): Promise<RepositoryReport> {
  const { repository, synced, skipped, detail } = input;
  const rows = new Map(repository.analysis.allAnalyses().map((row) => [row.path, row]));
  const worst = detail.kind === 'worst' ? worstByPath(input, detail.limit) : null;
  const files: FileReport[] = [];
  for (const file of synced) {
    const row = rows.get(file.path) ?? null;
    const stored = worst === null ? await storedResult(repository, file, row) : null;
    files.push(fileReport(file, row, stored, worst?.get(file.path) ?? [], input.bought));
  }
  for (const { path, reason } of skipped) files.push(leftOut(path, 'skipped', reason));
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    id: repository.id,
    path: repository.target.root.root,
    commit: repository.commit,
    summary: summaryOf(input, files, rows),
    files,
  };
}

function worstByPath({ repository, synced }: SummaryInput, limit: number): Map<string, Finding[]> {
  const wanted = new Set(synced.map(({ path }) => path));
  const byPath = new Map<string, Finding[]>();
  // Asked for all: the rows of files outside of what was asked for are left out afterwards.
  const least = wanted.size === 0 ? 0 : limit + (repository.target.prefixes.includes('') ? 0 : 1000);
  for (const { path, finding } of repository.analysis.worst(least)) {
    if (wanted.has(path)) byPath.set(path, [...(byPath.get(path) ?? []), finding]);
  }
  return byPath;
}

async function storedResult(
  { analysis }: OpenRepository,
  { path }: SyncedFile,
  row: AnalysisRow | null,
): Promise<StoredResult | null> {
  return row === null ? null : analysis.getAnalysis<StoredResult>(path);
}

function fileReport(
  { path, row, state }: SyncedFile,
  result: AnalysisRow | null,
  stored: StoredResult | null,
  worst: readonly Finding[],
  bought: Bought,
): FileReport {
  if (row.skipReason !== null) return leftOut(path, 'skipped', row.skipReason);
  if (row.failure !== null || result === null) return leftOut(path, 'failed', row.failure ?? 'nothing is stored of it');
  return {
    path,
    status: statusOf(path, state, bought),
    contentHash: row.contentHash,
    complete: result.complete,
    scores: row.broken === null ? result.scores : null,
    metrics: stored?.metrics ?? null,
    findings: stored?.findings ?? worst,
  };
}

function statusOf(path: string, state: SyncedFile['state'], bought: Bought): FileStatus {
  if (bought.paidFiles.has(path)) return 'analyzed';
  if (bought.reusedFiles.has(path)) return 'reused';
  return state === 'parsed' ? 'analyzed' : 'cached';
}

function leftOut(path: string, status: 'skipped' | 'failed', reason: string): FileReport {
  return { path, status, reason, contentHash: null, complete: false, scores: null, metrics: null, findings: [] };
}

function summaryOf(
  { synced, bought, elapsedMs, interrupted }: SummaryInput,
  files: readonly FileReport[],
  rows: ReadonlyMap<string, AnalysisRow>,
): Summary {
  const counts = { found: files.length, analyzed: 0, cached: 0, reused: 0, skipped: 0, failed: 0 };
  const skipped: Partial<Record<SkipReason, number>> = {};
  for (const { status, reason } of files) {
    counts[status] += 1;
    if (status === 'skipped') skipped[reason as SkipReason] = (skipped[reason as SkipReason] ?? 0) + 1;
  }
  const findings = Object.fromEntries(SEVERITIES.map((name) => [name, 0])) as Record<Severity, number>;
  const scored: { scores: Scores; lines: number }[] = [];
  let suppressed = 0;
  let items = 0;
  let lines = 0;
  for (const { path, row } of synced) {
    items += row.units;
    lines += row.lines;
    const result = rows.get(path);
    if (result === undefined) continue;
    suppressed += result.suppressed;
    for (const name of SEVERITIES) findings[name] += result.findings[name];
    if (row.broken === null) scored.push({ scores: result.scores, lines: row.lines });
  }
  return {
    files: counts,
    skipped,
    items: { found: items, ...bought.items },
    findings: findings satisfies SeverityCounts,
    suppressed,
    scores: scored.length === 0 ? null : repositoryScores(scored),
    cost: { ...bought.cost, usd: bought.cost.ticks / TICKS_PER_USD },
    lines,
    elapsedMs,
    incomplete: interrupted || counts.failed > 0 || bought.incomplete,
  };
}
