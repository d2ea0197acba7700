import { createColors } from 'picocolors';
import { WINDOW_NAMES } from '../llm/budget.ts';
import { counted, dollars, grouped, ticksAsDollars } from '../util/numbers.ts';
import { printable } from '../util/printable.ts';
import { joined, noteLines } from './blocks.ts';
import { table } from './table.ts';
import type { UsageReport, UsageRow } from './usage-model.ts';

export const USAGE_BY = ['day', 'repo', 'model'] as const;
export type UsageBy = (typeof USAGE_BY)[number];

export interface UsageTextOptions {
  readonly color: boolean;
  readonly by: UsageBy;
}

/** The ledger as a person reads it. Ends with a line break. */
export async function usageText(report: UsageReport, { color, by }: UsageTextOptions): Promise<string> {
  const { bold, red } = createColors(color);
  const blocks = [
    await spentLines(report, by),
    [bold('Left of the caps (this machine)'), ...(await capLines(report))],
    reservationLines(report),
    noteLines(report.notices),
  ];
  const { ledger, accepted } = report;
  if (accepted === true) blocks.push(['What is known now counts as all that was spent.']);
  if (accepted === false) blocks.push(['Nothing was unknown: there was nothing to accept.']);
  if (ledger.state === 'unknown') {
    blocks.unshift([
      red(`What was spent is unknown: ${printable(ledger.reason)}. Nothing is bought until that is settled.`),
      "Look at the provider's bill, then run: rustassistant usage --accept-unknown",
    ]);
  }
  return joined(blocks);
}

/** Days shown one by one; what is older is one line. */
const DAYS = 31;

async function spentLines(report: UsageReport, by: UsageBy): Promise<string[]> {
  const rows = { day: report.byDay, repo: report.byRepository, model: report.byModel }[by];
  const since = report.since === null ? '' : ` since ${report.since}`;
  if (rows.length === 0) return [`Nothing spent${since}.`];
  const older = by === 'day' ? rows.slice(0, -DAYS) : [];
  const shown = by === 'day' ? rows.slice(-DAYS) : [...rows].sort((a, b) => b.ticks - a.ticks);
  const name = { day: 'day', repo: 'repository', model: 'model' }[by];
  const lines = [
    [name, 'requests', 'input', 'cached', 'output', 'cost', ''],
    ...(older.length === 0 ? [] : [line('earlier', sumOf(older))]),
    ...shown.map((row) => line(nameOf(row, by), row)),
    ...(rows.length === 1 ? [] : [line('total', report.total)]),
  ];
  return table(lines, ['left', 'right', 'right', 'right', 'right', 'right', 'left']);
}

type Summed = Omit<UsageRow, 'key' | 'path'>;

function line(name: string, row: Summed): string[] {
  const { requests, inputTokens, cachedTokens, outputTokens, usd, openTicks, estimatedTicks } = row;
  const tokens = [inputTokens, cachedTokens, outputTokens].map(grouped);
  const open = openTicks === 0 ? '' : `+ ${ticksAsDollars(openTicks)} not settled`;
  const about = estimatedTicks === 0 ? '' : 'about ';
  return [name, grouped(requests), ...tokens, `${about}${dollars(usd)}`, open];
}

function sumOf(rows: readonly UsageRow[]): Summed {
  return rows.reduce((a, b) => ({
    ...a,
    requests: a.requests + b.requests,
    ticks: a.ticks + b.ticks,
    usd: a.usd + b.usd,
    estimatedTicks: a.estimatedTicks + b.estimatedTicks,
    openTicks: a.openTicks + b.openTicks,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    outputTokens: a.outputTokens + b.outputTokens,
  }));
}

function nameOf({ key, path }: UsageRow, by: UsageBy): string {
  if (key === null) return 'unknown';
  return printable(by === 'repo' ? (path ?? `${key.slice(0, 12)} (not stored)`) : key);
}

async function capLines({ caps, ledger }: UsageReport): Promise<string[]> {
  const rows = WINDOW_NAMES.map((window) => {
    const { capUsd, leftUsd } = caps[window];
    return [
      `  ${window}`,
      ledger.state === 'unknown' ? 'unknown' : dollars(leftUsd),
      `of ${dollars(capUsd)}`,
    ];
  });
  return table(rows, ['left', 'right', 'left']);
}

function reservationLines({ reservations }: UsageReport): string[] {
  const running = reservations.filter((one) => one.running);
  const given = reservations.filter((one) => !one.running);
  const sum = (list: typeof reservations): string =>
    ticksAsDollars(list.reduce((total, { ticks }) => total + ticks, 0));
  return [
    ...(running.length === 0
      ? []
      : [`${counted(running.length, 'request')} under way, at worst ${sum(running)}`]),
    ...(given.length === 0
      ? []
      : [
          `${counted(given.length, 'request')} whose cost nobody learnt, counted as spent at worst: ${sum(given)}`,
        ]),
  ];
}
