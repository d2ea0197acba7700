import { createColors } from 'picocolors';
import type { Finding, Severity } from '../types/finding.ts';
import { counted, dollars, duration, grouped } from '../util/numbers.ts';
import { clipped, oneLine, printable } from '../util/printable.ts';
import { joined, noteLines } from './blocks.ts';
import type { Report, RepositoryReport, Summary } from './model.ts';
import { repositoryName } from './place.ts';
import type { Located } from './select.ts';
import { CHANGED_MARK, newsLine, shownFindings } from './select.ts';
import { changedLine, countLine } from './text-counts.ts';

export interface TextOptions {
  readonly color: boolean;
  readonly severity: Severity;
  /** As many findings are shown, the worst of them; the rest is counted. */
  readonly limit: number;
  /** Says how large a file may be, in the line on skipped ones. */
  readonly maxFileSize: string;
  /** Printed last: what the user may want to do next. */
  readonly hints: readonly string[];
}

type Colors = ReturnType<typeof createColors>;

/** The report as a person reads it, in the manner of rustc's diagnostics. Ends with a line break. */
export function renderText(report: Report, options: TextOptions): string {
  const colors = createColors(options.color);
  const blocks = report.repositories.flatMap((repository) =>
    repositoryBlocks(repository, report, options, colors),
  );
  return joined([...blocks, [...noteLines(report.notices), ...options.hints]]);
}

function repositoryBlocks(
  repository: RepositoryReport,
  report: Report,
  options: TextOptions,
  colors: Colors,
): string[][] {
  const { summary } = repository;
  const shown = shownFindings(repository.files, options.severity);
  const worst = shown.slice(0, options.limit);
  const newIds = new Set(summary.news?.newIds);
  const marks = ({ id, changed }: Finding): string =>
    `${newIds.has(id) ? ' (new)' : ''}${changed === true ? CHANGED_MARK : ''}`;
  return [
    headLines(repository, report, options, colors),
    ...worst.map((located) => findingLines(located, marks(located.finding), colors)),
    tailLines(summary, worst, options),
  ];
}

function headLines(
  { path, commit, summary, files }: RepositoryReport,
  report: Report,
  options: TextOptions,
  colors: Colors,
): string[] {
  const where =
    report.provider === 'local'
      ? 'local rules only, nothing left this machine'
      : `${report.model} at ${report.provider}`;
  const lines = [
    `${colors.bold(printable(repositoryName(path)))}${commit === null ? '' : ` @ ${commit.slice(0, 7)}`} · ${where}`,
    fileLine(summary, options.maxFileSize),
    `${counted(summary.lines, 'line')}, ${counted(summary.items.found, 'item')}, ${duration(summary.elapsedMs)}`,
  ];
  if (report.provider !== 'local') lines.push(itemLine(summary));
  if (summary.broken > 0) lines.push(brokenLine(summary.broken));
  for (const file of files) {
    if (file.status === 'failed') {
      lines.push(`${colors.red('failed')}: ${printable(file.path)}: ${printable(file.reason ?? 'unknown')}`);
    }
  }
  return lines;
}

function fileLine({ files, skipped, changed }: Summary, maxFileSize: string): string {
  const parts: string[] = [];
  // Of files that changed since a commit, "unchanged" since the last run would be misread.
  const [noun, cached] =
    changed === undefined ? ['.rs file', 'unchanged'] : ['changed .rs file', 'analyzed before'];
  if (files.analyzed > 0) parts.push(`${grouped(files.analyzed)} analyzed`);
  if (files.cached > 0) parts.push(`${grouped(files.cached)} ${cached}`);
  if (files.reused > 0) parts.push(`${grouped(files.reused)} from stored answers`);
  if (files.failed > 0) parts.push(`${grouped(files.failed)} failed`);
  if (files.skipped > 0) {
    const words: Record<string, string> = {
      'too-large': `over ${maxFileSize}`,
      binary: 'binary',
      'not-utf8': 'not UTF-8',
      'name-not-utf8': 'named in no UTF-8',
      symlink: 'symbolic link',
      'not-a-file': 'no regular file',
      unreadable: 'unreadable',
    };
    const reasons = Object.entries(skipped).map(([reason, count]) => `${count} ${words[reason] ?? reason}`);
    parts.push(`${grouped(files.skipped)} skipped (${reasons.join(', ')})`);
  }
  const total = counted(files.found, noun);
  return parts.length === 0 ? total : `${total}: ${parts.join(', ')}`;
}

function brokenLine(files: number): string {
  const [verb, whose] = files === 1 ? ['does', 'its'] : ['do', 'their'];
  return `${counted(files, 'file')} ${verb} not parse whole: ${whose} metrics are unknown, the scores are without them (--severity low shows where)`;
}

function itemLine({ items, cost }: Summary): string {
  const parts = [
    `${grouped(items.paid)} paid`,
    `${grouped(items.cached)} stored`,
    `${grouped(items.reused)} reused`,
  ];
  if (items.missing > 0) parts.push(`${grouped(items.missing)} missing`);
  if (items.failed > 0) parts.push(`${grouped(items.failed)} failed (--retry-failed asks again)`);
  const about = cost.estimated ? 'about ' : '';
  return `items: ${parts.join(', ')}; ${about}${dollars(cost.usd)} in ${counted(cost.requests, 'request')}`;
}

function findingLines({ path, finding }: Located, mark: string, colors: Colors): string[] {
  const paint = painter(finding.severity, colors);
  const { startLine, startColumn, item, quote } = finding;
  const place = `${printable(path)}:${startLine}:${startColumn}${item === '' ? '' : ` in ${printable(item)}`}`;
  const lines = [
    `${paint(`${finding.severity}[${finding.rule}]`)}: ${printable(finding.title)}${mark}`,
    `  ${colors.blue('-->')} ${place}`,
    `   ${colors.blue('|')} ${clipped(printable(quote.split('\n')[0]?.trim() ?? ''), 110)}`,
  ];
  if (finding.source === 'llm') lines.push(...explanation(finding, colors));
  return lines;
}

/** What a model says is new to the reader; a local rule is explained by its documentation. */
function explanation({ message, suggestion }: Finding, colors: Colors): string[] {
  const lines = [`   ${colors.blue('=')} ${oneLine(message)}`];
  if (suggestion !== undefined && suggestion !== '') {
    lines.push(`   ${colors.blue('=')} help: ${oneLine(suggestion)}`);
  }
  return lines;
}

function painter(severity: Severity, colors: Colors): (text: string) => string {
  switch (severity) {
    case 'critical':
    case 'high':
      return (text) => colors.bold(colors.red(text));
    case 'medium':
      return (text) => colors.bold(colors.yellow(text));
    case 'low':
    case 'info':
      return colors.cyan;
    default:
      return severity satisfies never;
  }
}

function tailLines(summary: Summary, worst: readonly Located[], options: TextOptions): string[] {
  const lines = [...countLine(summary, worst, options), ...changedLine(summary)];
  const news = newsLine(summary, options.severity);
  if (news !== null) lines.push(news);
  const { scores } = summary;
  if (scores !== null) {
    const parts = Object.entries(scores).map(([name, value]) => `${name} ${value ?? 'unknown'}`);
    lines.push('', parts.join(', '));
  }
  if (summary.incomplete)
    lines.push('', 'This run is incomplete: the counts and the notes say what is missing.');
  return lines;
}
