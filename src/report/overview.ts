import { createColors } from 'picocolors';
import type { SeverityCounts } from '../types/finding.ts';
import { SEVERITIES } from '../types/finding.ts';
import { counted, dollars, grouped } from '../util/numbers.ts';
import { clipped, oneLine, printable } from '../util/printable.ts';
import { joined, noteLines } from './blocks.ts';
import type { Hotspots, Overview, OverviewReport } from './overview-model.ts';
import type { Cell } from './table.ts';
import { table } from './table.ts';

export interface OverviewOptions {
  readonly color: boolean;
  /** As many rows of each list are shown. */
  readonly limit: number;
}

type Colors = ReturnType<typeof createColors>;

/** What a person reads: for each repository where it stands, where to begin, what became of it. Ends with a line break. */
export async function overviewText(report: OverviewReport, options: OverviewOptions): Promise<string> {
  const colors = createColors(options.color);
  const blocks: string[][] = [];
  for (const one of report.repositories) blocks.push(...(await repositoryBlocks(one, options, colors)));
  return joined([...blocks, noteLines(report.notices)]);
}

async function repositoryBlocks(
  one: Overview,
  { limit }: OverviewOptions,
  colors: Colors,
): Promise<string[][]> {
  return [
    headLines(one, colors),
    await hotspotLines(one.hotspots, limit, colors),
    await itemLines(one, limit, colors),
    await unsafeLines(one, limit, colors),
    await todoLines(one, limit, colors),
    await runLines(one, colors),
    [...paidLines(one)],
  ];
}

function headLines(one: Overview, colors: Colors): string[] {
  const commit = one.commit === null ? '' : ` @ ${one.commit.slice(0, 7)}`;
  const broken = one.broken === 0 ? '' : `, ${grouped(one.broken)} of them not parsed whole`;
  const { scores } = one;
  return [
    `${colors.bold(printable(one.path))}${commit} · as stored`,
    ...(one.outdated === 0
      ? []
      : [`${counted(one.outdated, 'file')} not as on the disk any more: rustassistant analyze`]),
    `${counted(one.files, 'file')}${broken}, ${counted(one.lines, 'line')}; findings: ${countsOf(one.findings)}${one.suppressed === 0 ? '' : `, ${grouped(one.suppressed)} suppressed`}`,
    scores === null
      ? 'scores unknown'
      : Object.entries(scores)
          .map(([name, value]) => `${name} ${value ?? 'unknown'}`)
          .join(', '),
  ];
}

function countsOf(counts: SeverityCounts): string {
  const parts = SEVERITIES.filter((severity) => counts[severity] > 0).map(
    (severity) => `${grouped(counts[severity])} ${severity}`,
  );
  return parts.length === 0 ? 'none' : parts.join(', ');
}

async function hotspotLines({ days, unknown, files }: Hotspots, limit: number, colors: Colors) {
  const known = files.filter(({ score }) => score !== null);
  if (unknown !== null) return titled('Hotspots', `unknown: ${printable(unknown)}`, [], 0, colors);
  const formula = `commits of ${days} days × complexity × (1 + weight of findings)`;
  if (known.length === 0) return titled('Hotspots', `none: ${formula} is 0 everywhere`, [], 0, colors);
  const rows = known
    .slice(0, limit)
    .map(({ path, commits, cognitive, weight, score }) => [
      ...[score, commits, cognitive, weight].map((value) => grouped(value ?? 0)),
      printable(path),
    ]);
  const head = ['score', 'commits', 'complexity', 'weight', ''];
  return titled('Hotspots', formula, [head, ...rows], 4, colors);
}

async function itemLines({ items }: Overview, limit: number, colors: Colors): Promise<string[]> {
  if (items.length === 0) return [];
  const rows = items
    .slice(0, limit)
    .map(({ severity, findings, path, line, item, rules }) => [
      findings,
      severity,
      `${printable(path)}:${line} ${item === '' ? '(between items)' : printable(item)}`,
      rules.join(', '),
    ]);
  return titled('Worst items', countOf(items.length, limit), [['findings', '', '', ''], ...rows], 1, colors);
}

async function unsafeLines({ unsafe }: Overview, limit: number, colors: Colors): Promise<string[]> {
  const { blocks, files, unknownFiles } = unsafe;
  if (blocks + unknownFiles === 0) return [];
  const unknown = unknownFiles === 0 ? '' : `; unknown in ${counted(unknownFiles, 'file')}`;
  const title = `${counted(blocks, 'block')} in ${counted(files.length, 'file')}${unknown}`;
  const rows = files.slice(0, limit).map(({ path, blocks: own }) => [grouped(own), printable(path)]);
  return titled('Unsafe', title, rows, 1, colors);
}

/** Half a screen. */
const TODO_WIDTH = 60;

async function todoLines({ todos }: Overview, limit: number, colors: Colors): Promise<string[]> {
  if (todos === null) return [`${colors.bold('TODO')}  unknown until the next rustassistant analyze`];
  if (todos.length === 0) return [];
  const tracked = todos.filter((todo) => todo.tracked).length;
  const order = todos.some(({ days }) => days !== null) ? '; the oldest first' : '';
  const count = countOf(todos.length, limit) || grouped(todos.length);
  const title = `${count}, ${grouped(tracked)} with an issue${order}`;
  const rows = todos
    .slice(0, limit)
    .map(({ days, path, line, text }) => [
      days === null ? 'unknown' : counted(days, 'day'),
      `${printable(path)}:${line}`,
      clipped(oneLine(text), TODO_WIDTH),
    ]);
  return titled('TODO', title, rows, 1, colors);
}

async function runLines({ runs }: Overview, colors: Colors): Promise<string[]> {
  if (runs.length < 2) return [];
  const rows = runs.map(({ at, commit, findings, quality, model, usd }) => [
    `${at.slice(0, 10)} ${at.slice(11, 16)}`,
    commit?.slice(0, 7) ?? '',
    countsOf(findings),
    `quality ${quality ?? 'unknown'}`,
    model === null ? 'local rules' : `${printable(model)}, ${dollars(usd)}`,
  ]);
  return titled('Runs', 'that changed something, the newest first, UTC', rows, 0, colors);
}

function* paidLines({ coverage, cost }: Overview): Generator<string> {
  if (coverage === null)
    yield 'LLM review: no answers are stored (rustassistant analyze with a key buys them)';
  else {
    const { answered, missing } = coverage;
    const all = answered + missing;
    const share = all === 0 ? '' : ` (${Math.floor((100 * answered) / all)} %)`;
    yield `LLM review: ${grouped(answered)} of ${counted(all, 'item')} answered${share}`;
  }
  if (cost === null) yield 'spent: unknown. See: rustassistant usage';
  else if (cost.requests > 0) {
    const open = cost.openUsd === 0 ? '' : ` + ${dollars(cost.openUsd)} not settled`;
    yield `spent: ${dollars(cost.usd)}${open} in ${counted(cost.requests, 'request')} from this machine`;
  }
}

function countOf(count: number, limit: number): string {
  return count > limit ? `${limit} of ${grouped(count)}` : '';
}

/** A title, and below it rows whose first `numbers` columns are numbers. */
async function titled(
  name: string,
  about: string,
  rows: readonly (readonly Cell[])[],
  numbers: number,
  colors: Colors,
): Promise<string[]> {
  const title = `${colors.bold(name)}${about === '' ? '' : `  ${about}`}`;
  if (rows.length === 0) return [title];
  const width = rows[0]?.length ?? 0;
  const aligns = Array.from({ length: width }, (_, at) =>
    at < numbers ? ('right' as const) : ('left' as const),
  );
  return [title, ...(await table(rows, aligns)).map((line) => `  ${line}`)];
}
