import type { Dismissal, Finding } from '../types/finding.ts';
import type { Notice } from '../types/run.ts';
import { counted } from '../util/numbers.ts';
import { clipped, oneLine, printable } from '../util/printable.ts';
import { joined, noteLines } from './blocks.ts';
import { table } from './table.ts';

/** A finding with its file. */
export type PlacedFinding = Finding & { readonly path: string };

/** What `findings list` and `findings show` print; the contract of `schemas/findings.schema.json`. */
export interface FindingsReport {
  readonly schemaVersion: number;
  readonly repositories: readonly {
    readonly id: string;
    readonly path: string;
    /** Open ones first, the worst first; then suppressed ones. */
    readonly findings: readonly PlacedFinding[];
  }[];
  readonly notices: readonly Notice[];
}

/** What `dismiss`, `restore` and `export` print; the contract of `schemas/findings-change.schema.json`. */
export interface FindingsChangeReport {
  readonly schemaVersion: number;
  readonly change: 'dismissed' | 'restored' | 'exported';
  /** `own`: this home's file; `shared`: the repository's. */
  readonly where: 'own' | 'shared';
  /** The file that holds them, or held them. */
  readonly file: string;
  readonly dismissals: readonly Dismissal[];
  readonly notices: readonly Notice[];
}

/** As many digits as tell findings apart where people read them. */
const SHORT_ID = 8;
const LONGEST_TITLE = 70;

/** A line for each finding, open ones first; then those that are suppressed, with the reason. */
export async function findingsListText({ repositories, notices }: FindingsReport): Promise<string> {
  const blocks: string[][] = [];
  for (const { path, findings } of repositories) {
    const open = findings.filter(({ suppressed }) => suppressed === undefined);
    const silent = findings.filter(({ suppressed }) => suppressed !== undefined);
    blocks.push([
      printable(path),
      ...(await rows(open, ({ title }) => clipped(oneLine(title), LONGEST_TITLE))),
    ]);
    if (silent.length > 0) blocks.push(['Suppressed', ...(await rows(silent, reasonOf))]);
    blocks.push([`${counted(open.length, 'finding')}, ${silent.length} suppressed`]);
  }
  return joined([...blocks, noteLines(notices)]);
}

async function rows(
  findings: readonly PlacedFinding[],
  last: (finding: PlacedFinding) => string,
): Promise<string[]> {
  if (findings.length === 0) return [];
  const cells = findings.map((finding) => {
    const { id, severity, rule, path, startLine } = finding;
    return [id.slice(0, SHORT_ID), severity, rule, `${printable(path)}:${startLine}`, last(finding)];
  });
  return table(cells, ['left', 'left', 'left', 'left', 'left']);
}

function reasonOf({ suppressed = '', refuted, dismissedAt }: PlacedFinding): string {
  if (refuted === true) return oneLine(suppressed);
  const when = dismissedAt === undefined ? 'in the code' : `dismissed ${dismissedAt.slice(0, 10)}`;
  return `${when}: ${oneLine(suppressed)}`;
}

/** Everything that is known of some findings. */
export function findingsShowText({ repositories }: FindingsReport): string {
  return joined(repositories.flatMap(({ findings }) => findings.map(shown)));
}

function shown(finding: PlacedFinding): string[] {
  const { id, severity, rule, title, path, startLine, startColumn, item, quote, source } = finding;
  const { message, suggestion = '', suppressed } = finding;
  const lines = [
    `${id}  ${severity}[${rule}]: ${oneLine(title)}`,
    `  --> ${printable(path)}:${startLine}:${startColumn}${item === '' ? '' : ` in ${printable(item)}`}`,
    ...quote.split(/\r?\n/).map((line) => `   | ${printable(line)}`),
    `   = ${oneLine(message)}`,
  ];
  if (suggestion !== '') lines.push(`   = help: ${oneLine(suggestion)}`);
  if (suppressed !== undefined) lines.push(`   = suppressed, ${reasonOf(finding)}`);
  if (source === 'local') lines.push(`   = the rule: rustassistant explain ${rule}`);
  return lines;
}

/** What was decided, and where it stands now. */
export function findingsChangeText(report: FindingsChangeReport): string {
  const { change, where, file, dismissals, notices } = report;
  const place = where === 'own' ? 'on this machine' : `in ${printable(file)}`;
  const head = `${counted(dismissals.length, 'finding')} ${change} ${place}`;
  const lines = dismissals.map(
    ({ rule, path, item, reason }) =>
      `  ${rule} in ${printable(item === '' ? path : `${path} ${item}`)}: ${oneLine(reason)}`,
  );
  const notes = notices.map(({ message }) => `note: ${printable(message)}`);
  const commit =
    where === 'shared' && dismissals.length > 0 ? ['Commit it: it then holds for everybody.'] : [];
  return `${[head, ...lines, ...notes, ...commit].join('\n')}\n`;
}
