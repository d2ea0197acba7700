import { SEVERITIES } from '../types/finding.ts';
import { dollars, grouped } from '../util/numbers.ts';
import { printable } from '../util/printable.ts';
import type { Report, RepositoryReport, Summary } from './model.ts';
import type { Cell } from './table.ts';
import { table } from './table.ts';

const HEAD = ['', 'files', 'lines', 'critical', 'high', 'medium', 'low', 'info', 'quality', 'cost'];

/** One line a repository, and their sums. Ends with a line break. */
export async function summaryTable({ repositories, provider }: Report): Promise<string> {
  const paid = provider !== 'local';
  const rows = [
    HEAD,
    ...repositories.map((one) => rowOf(one)),
    sums(repositories.map(({ summary }) => summary)),
  ];
  const shown = paid ? rows : rows.map((row) => row.slice(0, -1));
  const lines = await table(shown, ['left', ...HEAD.slice(1).map(() => 'right' as const)]);
  return `${lines.join('\n')}\n`;
}

function rowOf({ path, summary }: RepositoryReport): Cell[] {
  const quality = summary.scores?.quality ?? 'unknown';
  return [
    `${printable(path)}${summary.incomplete ? ' (incomplete)' : ''}`,
    ...numbers([summary]),
    quality,
    cost([summary]),
  ];
}

/** Qualities have no sum. */
function sums(summaries: readonly Summary[]): Cell[] {
  return ['all', ...numbers(summaries), '', cost(summaries)];
}

function numbers(summaries: readonly Summary[]): Cell[] {
  const sum = (of: (summary: Summary) => number): string =>
    grouped(summaries.reduce((total, summary) => total + of(summary), 0));
  return [
    sum(({ files }) => files.found),
    sum(({ lines }) => lines),
    ...SEVERITIES.map((severity) => sum(({ findings }) => findings[severity])),
  ];
}

function cost(summaries: readonly Summary[]): string {
  const about = summaries.some((summary) => summary.cost.estimated) ? 'about ' : '';
  return `${about}${dollars(summaries.reduce((total, summary) => total + summary.cost.usd, 0))}`;
}
