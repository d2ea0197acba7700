import { createColors } from 'picocolors';
import { matchingWords } from '../search/matches.ts';
import type { Splitter } from '../search/words.ts';
import { newSplitter } from '../search/words.ts';
import { counted } from '../util/numbers.ts';
import { clipped, printable } from '../util/printable.ts';
import { joined, noteLines } from './blocks.ts';
import type { SearchReport, SearchResult } from './search-model.ts';

export interface SearchTextOptions {
  readonly color: boolean;
  /** With `--scores`. */
  readonly scores: boolean;
  /** A path as the reader can open it. */
  readonly shown: (result: SearchResult) => string;
}

/** With `-l`: the files, best first, each once. */
export function pathsText({ results }: SearchReport, shown: SearchTextOptions['shown']): string {
  return [...new Set(results.map(shown))].map((path) => `${printable(path)}\n`).join('');
}

/** Each result's place, signature and matching lines. Ends with a line break. */
export function searchText(
  { query, results, notices, mode }: SearchReport,
  options: SearchTextOptions,
): string {
  const colors = createColors(options.color);
  const split = newSplitter();
  const terms = split(query);
  const blocks = results.map((result) => resultLines(result, options, colors, split, terms));
  const tail = noteLines(notices);
  if (results.length === 0) blocks.push(['Nothing found.']);
  else tail.push(`${counted(results.length, 'result')} by ${mode}`);
  return joined([...blocks, tail]);
}

type Colors = ReturnType<typeof createColors>;

const WIDTH = 110;

function resultLines(
  result: SearchResult,
  { scores, shown }: SearchTextOptions,
  colors: Colors,
  split: Splitter,
  terms: readonly string[],
): string[] {
  const { startLine, kind, name, modulePath, signature, stale, matches, content, parts, score } = result;
  const place = colors.cyan(`${printable(shown(result))}:${startLine}`);
  const item = name === '' ? kind : [modulePath, name].filter((part) => part !== '').join('::');
  const lines = [`${place}  ${colors.bold(printable(item))}`];
  if (scores) lines.push(`  ${scoreLine(score, parts)}`);
  if (stale) lines.push('  (changed since it was indexed: the line may be another)');
  if (signature !== '') lines.push(`  ${clipped(printable(signature), WIDTH)}`);
  const paint = (text: string): string => highlighted(clipped(text, WIDTH), colors, split, terms);
  if (content === undefined) {
    const width = String(matches.at(-1)?.line ?? 0).length;
    for (const { line, text } of matches)
      lines.push(`  ${colors.dim(String(line).padStart(width))} | ${paint(text.trim())}`);
  } else {
    for (const text of content.split('\n')) lines.push(`  | ${paint(text)}`);
  }
  return lines;
}

function scoreLine(score: number, { keyword, vector }: SearchResult['parts']): string {
  const shown = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
  return `score ${score.toFixed(3)}: keyword ${shown(keyword)}, vector ${shown(vector)}`;
}

function highlighted(text: string, colors: Colors, split: Splitter, terms: readonly string[]): string {
  let shown = '';
  let from = 0;
  for (const [start, end] of matchingWords(split, text, terms)) {
    shown += printable(text.slice(from, start)) + colors.bold(colors.red(text.slice(start, end)));
    from = end;
  }
  return shown + printable(text.slice(from));
}
