import type { Finding, Severity } from '../types/finding.ts';
import { counted } from '../util/numbers.ts';
import { clipped, oneLine, printable } from '../util/printable.ts';
import type { RepositoryReport } from './model.ts';
import { regionOf, sayings } from './place.ts';
import type { Located } from './select.ts';
import { shownFindings } from './select.ts';

const KINDS = ['error', 'warning', 'notice'] as const;
type Command = (typeof KINDS)[number];

const COMMANDS: Readonly<Record<Severity, Command>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
  info: 'notice',
};

/** GitHub drops what a step says beyond so many of each kind. */
export const MOST_OF_A_KIND = 10;
/** It cuts a title at 255 characters and a message at 64 KB; a reader is served with less. */
const LONGEST_TITLE = 200;
const LONGEST_MESSAGE = 1_000;

/**
 * One repository's findings of `least` or worse as workflow commands, from which GitHub makes annotations in the pull
 * request (https://docs.github.com/actions/reference/workflow-commands-for-github-actions): the worst of each kind, as
 * many as it takes, and how many there are besides.
 */
export function renderGithub({ files }: RepositoryReport, least: Severity): string {
  const all = shownFindings(files, least);
  // What a pull request did not touch is not its author's to read about.
  const shown = all.filter(({ finding }) => finding.changed !== false);
  const lines = KINDS.flatMap((kind) =>
    shown
      .filter(({ finding }) => COMMANDS[finding.severity] === kind)
      .slice(0, MOST_OF_A_KIND)
      .map(annotation),
  );
  const more = shown.length - lines.length;
  if (more > 0) lines.push(`${counted(more, 'more finding')}: GitHub shows ${MOST_OF_A_KIND} of a kind.`);
  const older = all.length - shown.length;
  if (older > 0) lines.push(`${counted(older, 'finding')} in items that did not change: not annotated.`);
  return lines.map((line) => `${line}\n`).join('');
}

function annotation({ path, finding }: Located): string {
  const title = `${finding.severity}[${finding.rule}]: ${oneLine(finding.title)}`;
  const properties = [
    ['file', printable(path)],
    ...placeOf(finding),
    ['title', clipped(title, LONGEST_TITLE)],
  ];
  const said = properties.map(([name, value]) => `${name}=${escapedProperty(value as string)}`).join(',');
  const message = clipped(sayings(finding).map(oneLine).join('\n'), LONGEST_MESSAGE);
  return `::${COMMANDS[finding.severity]} ${said}::${escapedData(message)}`;
}

/** Columns say something on a single line only. */
function placeOf(finding: Finding): [string, string][] {
  const region = regionOf(finding);
  if (region === null) return [];
  const { startLine, startColumn, endLine, endColumn } = region;
  const lines: [string, string][] = [
    ['line', `${startLine}`],
    ['endLine', `${endLine}`],
  ];
  return startLine === endLine ? [...lines, ['col', `${startColumn}`], ['endColumn', `${endColumn}`]] : lines;
}

function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
