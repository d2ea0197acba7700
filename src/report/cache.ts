import type { PruneReason } from '../cache/eviction.ts';
import { byteSize, counted, dollars } from '../util/numbers.ts';
import { printable } from '../util/printable.ts';
import { joined, noteLines } from './blocks.ts';
import type { CacheCleanReport, CachePruneReport, CacheStatsReport } from './cache-model.ts';
import { table } from './table.ts';

const KINDS: Readonly<Record<string, string>> = {
  answers: 'paid answers',
  analysis: 'local results',
  search: 'search index',
  global: 'shared tables',
  setAside: 'damaged, set aside',
  other: 'other files',
};

/** What is stored, as a person reads it. Ends with a line break. */
export async function statsText(report: CacheStatsReport): Promise<string> {
  const { directory, bytes, pruning, answers, repositories } = report;
  const limits = `pruned above ${byteSize(pruning.above)} down to ${byteSize(pruning.to)}`;
  const note = (kind: string): string => {
    if (kind !== 'answers' || answers === null) return '';
    const { answers: count, requests, usd } = answers;
    return `${counted(count, 'answer')} of ${counted(requests, 'request')}, ${dollars(usd)}`;
  };
  const kinds = Object.entries(bytes.byKind)
    .filter(([, size]) => size > 0)
    .map(([kind, size]) => ['', byteSize(size), `${KINDS[kind] ?? kind}`, note(kind)]);
  const blocks = [
    [printable(directory), `${byteSize(bytes.total)} of ${byteSize(bytes.max)}, ${limits}`],
    kinds.length === 0 ? [] : await table(kinds, ['left', 'right', 'left', 'left']),
    repositories.length === 0 ? [] : ['Repositories', ...(await repositoryLines(repositories))],
  ];
  return joined(blocks);
}

async function repositoryLines(repositories: CacheStatsReport['repositories']): Promise<string[]> {
  const rows = [...repositories]
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ path, bytes, lastSync }) => [
      '',
      byteSize(bytes),
      printable(path),
      lastSync === null ? '' : lastSync.slice(0, 10),
    ]);
  return table(rows, ['left', 'right', 'left', 'left']);
}

const REASONS: Readonly<Record<PruneReason, string>> = {
  incompatible: 'of a format that is not read any more',
  'recreatable-old': 'can be made again, unused for 7 days',
  recreatable: 'can be made again',
  'answer-unused': 'paid answers, unused for 30 days',
  answer: 'paid answers, least worth keeping',
  'answer-dear': 'paid answers that were dear',
};

/** What a pruning did or would do. Ends with a line break. */
export async function pruneText(report: CachePruneReport): Promise<string> {
  const { status, bytes, before, plan, notices } = report;
  const notes = noteLines(notices);
  if (plan === null) return joined([['Another process prunes: nothing was done.'], notes]);
  const rows = plan.byReason.map(({ reason, entries, bytes: size }) => [
    '',
    byteSize(size),
    counted(entries, 'entry', 'entries'),
    REASONS[reason],
  ]);
  const steps = rows.length === 0 ? [] : await table(rows, ['left', 'right', 'right', 'left']);
  const short = plan.reached ? [] : ['Even without all that may go, more is left than that.'];
  return joined([[headline(status, bytes.total, before, plan)], steps, short, notes]);
}

function headline(
  status: CachePruneReport['status'],
  total: number,
  before: number,
  plan: NonNullable<CachePruneReport['plan']>,
): string {
  const target = byteSize(plan.target);
  if (status === 'pruned')
    return `Pruned from ${byteSize(before)} to ${byteSize(total)} (wanted: ${target}).`;
  if (plan.byReason.length === 0) return `Nothing to prune: ${byteSize(before)} stored.`;
  return `Would prune from ${byteSize(before)} to about ${byteSize(before - plan.freed)} (wanted: ${target}). Nothing was removed.`;
}

/** What a cleaning did. Ends with a line break. */
export function cleanText({ before, after, removed }: CacheCleanReport): string {
  const kept = removed.includes('answers')
    ? 'The ledger was kept.'
    : 'Paid answers and the ledger were kept.';
  if (removed.length === 0) return `Nothing to remove. ${kept}\n`;
  return `Removed ${byteSize(before - after)}, ${byteSize(after)} left. ${kept}\n`;
}
