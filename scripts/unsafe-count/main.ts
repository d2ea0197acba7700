/**
 * Counts unsafe places over a corpus twice and writes docs/unsafe-count.md: by the built program (`unsafe --json`), and
 * by a lexer that knows nothing of the grammar. Every word that only one of them has is listed with its cause.
 *   tsx scripts/unsafe-count/main.ts FOLDER [--only PREFIX] [--together 40] [--out FILE]
 * FOLDER holds one crate (or source tree) a subfolder. Exit status 1 where a difference has no known cause.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { UnsafeFile, UnsafeReport, UnsafeSite } from '../../src/report/unsafe-model.ts';
import { UNSAFE_KINDS } from '../../src/unsafe/site.ts';
import { ROOT, run } from '../support/run.ts';
import { unsafeTokens } from './lexer.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    together: { type: 'string', default: '40' },
    out: { type: 'string', default: join(ROOT, 'docs', 'unsafe-count.md') },
  },
});
const corpus = positionals[0] ?? '';
if (corpus === '') throw new Error('usage: unsafe-count/main.ts FOLDER');

interface Difference {
  readonly path: string;
  readonly line: number;
  readonly by: 'lexer alone' | 'program alone';
  readonly cause: string;
  readonly code: string;
}

const totals = { files: 0, tokens: 0, agreed: 0, kinds: {} as Record<string, number> };
const differences: Difference[] = [];

function rustFiles(folder: string): string[] {
  const paths: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== '.git') paths.push(...rustFiles(path));
    else if (entry.isFile() && entry.name.endsWith('.rs')) paths.push(path);
  }
  return paths;
}

/** Offsets at which lines begin, to compare places as the program tells them. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function offsetOf(text: string, starts: readonly number[], { startLine, startColumn }: UnsafeSite): number {
  let at = starts[startLine - 1] ?? text.length;
  for (let column = 1; column < startColumn; column += 1) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

function compare(path: string, text: string, file: UnsafeFile | undefined): void {
  const tokens = unsafeTokens(text);
  totals.files += 1;
  totals.tokens += tokens.length;
  if (tokens.length === 0 && (file?.sites.length ?? 0) === 0) return;
  const starts = lineStarts(text);
  const open = new Set(tokens);
  const lineOf = (offset: number): number => starts.findLastIndex((start) => start <= offset) + 1;
  const codeAt = (offset: number): string => text.slice(offset, offset + 60).split('\n')[0] as string;
  const note = (by: Difference['by'], offset: number, cause: string): void => {
    differences.push({ path: relative(corpus, path), line: lineOf(offset), by, cause, code: codeAt(offset) });
  };
  // An item's place begins at its first word, which may be `pub`: its own `unsafe` is the first one from there.
  for (const site of file?.sites ?? []) {
    totals.kinds[site.kind] = (totals.kinds[site.kind] ?? 0) + 1;
    const from = offsetOf(text, starts, site);
    const exact = open.has(from) ? from : tokens.find((token) => token >= from && open.has(token));
    if (exact !== undefined && exact - from < 200 && open.delete(exact)) totals.agreed += 1;
    else note('program alone', from, file?.problem === undefined ? 'unknown' : 'the file does not parse');
  }
  for (const token of open) note('lexer alone', token, causeOf(file, text.slice(0, token)));
}

function causeOf(file: UnsafeFile | undefined, before: string): string {
  if (/\blet\s+$/.test(before))
    return 'a keyword in place of a name, which rustc refuses and the grammar reads';
  if (file?.problem === undefined) return 'unknown';
  return file.problem.startsWith('skipped')
    ? file.problem
    : 'the file does not parse, and the program says so';
}

const folders = readdirSync(corpus)
  .filter((name) => !name.startsWith('.') && name.startsWith(flags.only))
  .sort()
  .map((name) => join(corpus, name));
const together = Number(flags.together);
const home = mkdtempSync(join(tmpdir(), 'unsafe-count-'));
try {
  for (let from = 0; from < folders.length; from += together) {
    const batch = folders.slice(from, from + together);
    const ran = run(['unsafe', ...batch, '--json', '--quiet'], {
      home,
      env: { RUSTASSISTANT_ANALYSIS_MAX_FILE_SIZE: '2MiB' },
    });
    if (ran.status !== 0) throw new Error(`${basename(batch[0] ?? '')}…: status ${ran.status} ${ran.stderr}`);
    const report = JSON.parse(ran.stdout) as UnsafeReport;
    const byPath = new Map(report.files.map((file) => [join(file.root, file.path), file]));
    for (const folder of batch) {
      for (const path of rustFiles(folder)) compare(path, readFileSync(path, 'utf8'), byPath.get(path));
    }
    process.stderr.write(`${Math.min(from + together, folders.length)}/${folders.length}\r`);
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** The first difference of each file and cause, and how many there are. */
function byFile(): [Difference, number][] {
  const grouped = new Map<string, [Difference, number]>();
  for (const one of differences) {
    const key = `${one.path} ${one.by} ${one.cause}`;
    grouped.set(key, [grouped.get(key)?.[0] ?? one, (grouped.get(key)?.[1] ?? 0) + 1]);
  }
  return [...grouped.values()];
}

/** What the causes are, for the reader. */
const CAUSES = [
  'A skipped file is counted as skipped, with the reason, and no line of it is read: a bench with NUL bytes in it, and one',
  'file above the greatest limit that can be set. Where a file does not parse whole, the program names it: these are the',
  'compiler’s own tests of what it refuses, and rustfmt’s of what it formats all the same. No place is the program’s alone:',
  'it takes none from a comment, a string or a name.',
];

const cell = (code: string): string => `\`${code.replaceAll('`', "'").replaceAll('|', '\\|')}\``;
const causes = new Map<string, number>();
for (const { by, cause } of differences) {
  causes.set(`${by} | ${cause}`, (causes.get(`${by} | ${cause}`) ?? 0) + 1);
}
const unknown = differences.filter(({ cause }) => cause === 'unknown');
const page = [
  '# Unsafe code counted twice',
  '',
  'Made by `npx tsx scripts/unsafe-count/main.ts FOLDER` over Debian’s `librust-*-dev` packages and `rust-src`. The',
  'program’s places (`unsafe --json`) are held against the word `unsafe` outside of comments and strings, found by a lexer',
  'that knows nothing of the grammar; a place and a word agree where they are the same word. `analysis.max_file_size` is',
  'set to its most, 2 MiB.',
  '',
  ...table(
    ['', ''],
    [
      ['folders', folders.length],
      ['Rust files', totals.files],
      ['words `unsafe` by the lexer', totals.tokens],
      ['places by the program', Object.values(totals.kinds).reduce((sum, count) => sum + count, 0)],
      ['the same word', totals.agreed],
      ['differences', differences.length],
      ['differences without a known cause', unknown.length],
    ],
  ),
  '',
  '## Places by kind',
  '',
  ...table(
    ['kind', 'places'],
    UNSAFE_KINDS.map((kind) => [kind, totals.kinds[kind] ?? 0]),
  ),
  '',
  '## Differences',
  '',
  ...table(
    ['found by | cause', 'words'],
    [...causes].map(([cause, count]) => [cause, count]),
  ).map((line, at) => (at === 1 ? '| --- | --- | --- |' : line)),
  '',
  ...CAUSES,
  '',
  ...table(
    ['first place', 'found by', 'cause', 'words', 'code'],
    byFile().map(([{ path, line, by, cause, code }, words]) => [
      `${path}:${line}`,
      by,
      cause,
      words,
      cell(code),
    ]),
  ),
  '',
];
writeFileSync(flags.out, page.join('\n'));
console.log(
  `${totals.tokens} words, ${totals.agreed} agreed, ${differences.length} differ, ${unknown.length} unknown`,
);
if (unknown.length > 0) process.exitCode = 1;
