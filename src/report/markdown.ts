import type { Severity } from '../types/finding.ts';
import { SEVERITIES } from '../types/finding.ts';
import { counted, dollars, grouped } from '../util/numbers.ts';
import { clipped } from '../util/printable.ts';
import { atLeast } from '../util/severity.ts';
import { code, codeBlock, html, prose } from './markdown-escape.ts';
import type { Report, RepositoryReport, Summary } from './model.ts';
import { regionOf, repositoryName } from './place.ts';
import type { Located } from './select.ts';
import { newsLine, shownFindings } from './select.ts';

/** GitHub refuses a comment of more than 65,536 characters. */
export const LONGEST_COMMENT = 65_000;
const MARK = '<!-- rustassistant -->';
/** Between two parts, and after the last one. */
const APART = '\n\n';
/** For the lines that say how much is left out. */
const CUT_ROOM = 160;
const NOTES_ROOM = 3_000;
const LONGEST_NOTE = 200;
const LONGEST_TEXT = 1_500;
const LONGEST_QUOTE = 600;

/**
 * The report as the comment of a pull request, in GitHub's Markdown: what was looked at, then the findings of `least`
 * or worse, each folded, the worst first, as many as a comment holds. A bot finds its comment by the first line.
 */
export function renderMarkdown(report: Report, least: Severity): string {
  const { repositories } = report;
  const notes = fitting(
    report.notices,
    NOTES_ROOM,
    ({ message }) => `- ${prose(clipped(message, LONGEST_NOTE))}`,
  );
  let room = LONGEST_COMMENT - NOTES_ROOM - CUT_ROOM - MARK.length;
  const heads = fitting(repositories, room, (one) => headOf(report, one, least), CUT_ROOM);
  room -= sizeOf(heads, CUT_ROOM);
  const sections = heads.map((head, at) => {
    const all = shownFindings(repositories[at]?.files ?? [], least);
    // What a pull request did not touch is not its author's to read about.
    const found = all.filter(({ finding }) => finding.changed !== false);
    const blocks = fitting(found, room, findingBlock);
    room -= sizeOf(blocks);
    const cut = cutLine(found.length - blocks.length, 'more finding');
    return [head, ...blocks, ...cut, ...oldLine(all.length - found.length)].join(APART);
  });
  const cut = cutLine(repositories.length - heads.length, 'more repository', 'more repositories');
  const parts = [MARK, ...sections, ...cut, ...(notes.length === 0 ? [] : [notes.join('\n')])];
  return `${parts.join(APART)}\n`;
}

/** The first texts that have room together, each with `more` characters beside it. */
function fitting<One>(all: readonly One[], room: number, textOf: (one: One) => string, more = 0): string[] {
  const texts: string[] = [];
  let left = room;
  for (const one of all) {
    const text = textOf(one);
    left -= sizeOf([text], more);
    if (left < 0) break;
    texts.push(text);
  }
  return texts;
}

function sizeOf(texts: readonly string[], more = 0): number {
  return texts.reduce((sum, text) => sum + text.length + APART.length + more, 0);
}

function cutLine(count: number, one: string, many?: string): string[] {
  return count === 0 ? [] : [`${counted(count, one, many)}: a comment holds no more.`];
}

function oldLine(count: number): string[] {
  return count === 0 ? [] : [`${counted(count, 'finding')} in items that did not change: left out.`];
}

function headOf(report: Report, { path, commit, summary }: RepositoryReport, least: Severity): string {
  const at = commit === null ? '' : ` @ ${code(commit.slice(0, 7))}`;
  const by =
    report.provider === 'local' ? 'local rules only' : `${prose(report.model ?? '')} at ${report.provider}`;
  const lines = [
    `### rustassistant: ${countsOf(summary, least)}`,
    '',
    `${code(repositoryName(path))}${at}, ${by}: ${looked(summary)}`,
  ];
  const news = newsLine(summary, least);
  if (news !== null) lines.push('', `${news}.`);
  if (summary.incomplete)
    lines.push('', '**This run is incomplete**: what is missing is not among the counts.');
  return lines.join('\n');
}

function countsOf({ findings, changed, suppressed }: Summary, least: Severity): string {
  const told = changed ?? findings;
  const shown = SEVERITIES.filter((severity) => atLeast(severity, least) && told[severity] > 0);
  const counts = shown.map((severity) => `${grouped(told[severity])} ${severity}`);
  const none = `no findings${least === 'info' ? '' : ` of ${least} or worse`}`;
  const where = changed === undefined ? '' : ' in items that changed';
  const silent = suppressed > 0 ? `, ${grouped(suppressed)} suppressed` : '';
  return `${counts.length === 0 ? none : counts.join(', ')}${where}${silent}`;
}

function looked({ files, lines, scores, cost, broken }: Summary): string {
  const parts = [counted(files.found, 'file'), counted(lines, 'line')];
  if (files.failed > 0) parts.push(`${grouped(files.failed)} failed`);
  if (files.skipped > 0) parts.push(`${grouped(files.skipped)} skipped`);
  if (broken > 0) parts.push(`${grouped(broken)} that ${broken === 1 ? 'does' : 'do'} not parse whole`);
  if (cost.requests > 0) parts.push(`${cost.estimated ? 'about ' : ''}${dollars(cost.usd)}`);
  if (scores !== null)
    parts.push(`quality ${scores.quality ?? 'unknown'}, security ${scores.security ?? 'unknown'}`);
  return parts.join('; ');
}

function findingBlock({ path, finding }: Located): string {
  const { severity, rule, title, message, suggestion, item, quote } = finding;
  const region = regionOf(finding);
  const place = region === null ? path : `${path}:${region.startLine}`;
  const lines = [
    '<details>',
    `<summary><b>${severity}</b> <code>${html(rule)}</code> ${html(title)} <code>${html(place)}</code></summary>`,
    '',
  ];
  if (item !== '') lines.push(`In ${code(item)}:`, '');
  if (quote !== '') lines.push(codeBlock(clipped(quote, LONGEST_QUOTE)), '');
  lines.push(prose(clipped(message, LONGEST_TEXT)), '');
  if (suggestion !== undefined && suggestion !== '')
    lines.push(`**Help:** ${prose(clipped(suggestion, LONGEST_TEXT))}`, '');
  return [...lines, '</details>'].join('\n');
}
