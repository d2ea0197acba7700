/**
 * Runs the local analyser over every crate of a corpus and writes docs/corpus.md:
 *   tsx scripts/corpus-run.ts FOLDER [--only PREFIX] [--together 20] [--out FILE]
 * FOLDER holds one crate (or source tree) a subfolder. Each run of the built program takes some of them; all runs
 * share one home, as a user with many repositories would have it. Exit status 1 where a run crashed, hung, lost a
 * file or took too much memory.
 */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ReportRepository } from './support/report.ts';
import { OUTCOMES, SEVERITIES, addCounts, parseReport } from './support/report.ts';
import type { Ran } from './support/run.ts';
import { ROOT, run } from './support/run.ts';

const MAX_PEAK_MIB = 400;
const HANG_MS = 15 * 60_000;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    together: { type: 'string', default: '20' },
    out: { type: 'string' },
  },
});
const corpus = positionals[0] ?? '';
if (corpus === '') throw new Error('usage: corpus-run.ts FOLDER');

/** One run: some folders in one process. */
interface Batch {
  readonly name: string;
  readonly ms: number;
  readonly peakMiB: number;
  readonly files: number;
  readonly bytes: number;
}

const totals = {
  onDisk: 0,
  bytes: 0,
  ms: 0,
  files: {} as Record<string, number>,
  skipped: {} as Record<string, number>,
  items: {} as Record<string, number>,
  severities: {} as Record<string, number>,
  rules: {} as Record<string, number>,
};
const batches: Batch[] = [];
let folders = 0;
const problems: string[] = [];
/** Crates where the disk holds more Rust files than the run found: ignored by the crate's own rules, or in `target/`. */
const ignored: string[] = [];

/** Rust files below a folder by an independent walk, dot-git left out. */
function onDisk(folder: string): { files: number; bytes: number } {
  const sum = { files: 0, bytes: 0 };
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== '.git') {
      const below = onDisk(path);
      sum.files += below.files;
      sum.bytes += below.bytes;
    } else if (!entry.isDirectory() && entry.name.endsWith('.rs')) {
      sum.files += 1;
      if (entry.isFile()) sum.bytes += statSync(path).size;
    }
  }
  return sum;
}

/** As a user does it first; then the whole report, from what that stored. */
function analyze(names: readonly string[], home: string): { readonly first: Ran; readonly report: Ran } {
  const args = ['analyze', ...names.map((name) => join(corpus, name)), '--provider', 'local'];
  const options = { home, timeoutMs: HANG_MS };
  return { first: run(args, options), report: run([...args, '--format', 'json'], options) };
}

/** One process over some folders; where that fails, one process each, to see which. */
function runBatch(names: readonly string[], home: string): void {
  const { first, report } = analyze(names, home);
  const repositories = parseReport(report.stdout)?.repositories ?? [];
  const ran = first.status === 0 ? report : first;
  if (ran.status !== 0 || repositories.length !== names.length) {
    if (names.length > 1) return names.forEach((name) => runBatch([name], home));
    const said = `${ran.stderr}\n${ran.stdout.slice(0, 300)}`.trim().split('\n')[0];
    problems.push(`${names.join()}: exit status ${ran.status ?? 'none (killed)'}: ${said}`);
  }
  const before = totals.bytes;
  let files = 0;
  for (const repository of repositories) {
    account(basename(repository.path), repository);
    files += repository.summary.files.found;
  }
  const name = names.length === 1 ? names.join() : `${names[0]} … ${names.at(-1)} (${names.length})`;
  const peakMiB = Math.max(first.peakMiB ?? Number.NaN, report.peakMiB ?? Number.NaN);
  if (!(peakMiB <= MAX_PEAK_MIB)) problems.push(`${name}: ${peakMiB.toFixed(0)} MiB of memory`);
  batches.push({ name, ms: first.ms, peakMiB, files, bytes: totals.bytes - before });
  totals.ms += first.ms;
}

function account(name: string, { summary, files: listed }: ReportRepository): void {
  const { files, skipped, items, findings } = summary;
  const sum = OUTCOMES.reduce((total, outcome) => total + files[outcome], 0);
  if (sum !== files.found) problems.push(`${name}: ${files.found} found, ${sum} accounted for`);
  if (listed.length !== files.found)
    problems.push(`${name}: ${listed.length} of ${files.found} files listed`);
  const disk = onDisk(join(corpus, name));
  if (files.found > disk.files) problems.push(`${name}: more files found than the disk holds`);
  if (files.found < disk.files) ignored.push(`${name} (${disk.files - files.found})`);
  folders += 1;
  totals.onDisk += disk.files;
  totals.bytes += disk.bytes;
  addCounts(totals.files, files);
  addCounts(totals.skipped, skipped);
  addCounts(totals.items, items);
  addCounts(totals.severities, findings);
  for (const file of listed) {
    for (const { rule } of file.findings) addCounts(totals.rules, { [rule]: 1 });
    if (file.status === 'failed')
      problems.push(`${name}/${file.path}: ${file.reason ?? 'failed for no reason'}`);
  }
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const thousands = (value: number): string => value.toLocaleString('en-US');
const byCount = (counts: Record<string, number>): [string, string][] =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([key, count]) => [key, thousands(count)]);

function summary(): string {
  const top = (key: (batch: Batch) => number): Batch[] =>
    [...batches].sort((a, b) => key(b) - key(a)).slice(0, 5);
  const peak = Math.max(...batches.map(({ peakMiB }) => peakMiB));
  const batchRow = (batch: Batch): string[] => [
    batch.name,
    thousands(batch.files),
    (batch.bytes / 1e6).toFixed(1),
    (batch.ms / 1000).toFixed(1),
    batch.peakMiB.toFixed(0),
  ];
  const head = ['run', 'files', 'MB', 's', 'peak MiB'];
  const { files } = totals;
  return `# The local analyser over Debian's Rust packages

Made by \`npx tsx scripts/corpus-run.ts FOLDER\` with Node ${process.versions.node}; FOLDER holds every \`librust-*-dev\`
package of Debian and the sources of the standard library and the compiler (\`rust-src\`), one folder each. A
run of the built program takes ${flags.together} of them (\`analyze FOLDER… --provider local\`); all share one home. A second run of the
same with \`--format json\` tells what is counted here; where nothing is to be parsed again, all its files are cached.

${table(
  ['', ''],
  [
    ['folders analysed', thousands(folders)],
    ['first runs', thousands(batches.length)],
    ['Rust files on disk', `${thousands(totals.onDisk)}, ${(totals.bytes / 1e6).toFixed(0)} MB`],
    ...['found', ...OUTCOMES].map((key) => [`files ${key}`, thousands(files[key] ?? 0)]),
    ['ignored by a .gitignore of their own', thousands(totals.onDisk - (files['found'] ?? 0))],
    ['items', thousands(totals.items['found'] ?? 0)],
    ['highest memory of a run of either kind', `${peak.toFixed(0)} MiB (limit ${MAX_PEAK_MIB})`],
    [
      'time, all first runs',
      `${(totals.ms / 60_000).toFixed(1)} min, ${(totals.bytes / 1e3 / totals.ms).toFixed(2)} MB/s`,
    ],
    ['crashes, hangs, files lost, runs over the limit', problems.length],
  ],
)}

## Skipped

${table(['reason', 'files'], byCount(totals.skipped))}

## Findings

${table(
  ['severity', 'findings'],
  SEVERITIES.map((severity) => [severity, thousands(totals.severities[severity] ?? 0)]),
)}

${table(['rule', 'findings, suppressed ones included'], byCount(totals.rules))}

## Largest runs

${table(head, top(({ ms }) => ms).map(batchRow))}

${table(head, top(({ peakMiB }) => peakMiB).map(batchRow))}

## Problems

${problems.length === 0 ? 'None.' : problems.map((problem) => `- ${problem}`).join('\n')}

## Folders with files that they ignore themselves

${ignored.length === 0 ? 'None.' : ignored.join(', ')}
`;
}

const home = mkdtempSync(join(tmpdir(), 'rustassistant-corpus-'));
try {
  const names = readdirSync(corpus, { withFileTypes: true })
    .filter(
      (entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name.startsWith(flags.only),
    )
    .map((entry) => entry.name)
    .sort();
  const together = Number(flags.together);
  for (let at = 0; at < names.length; at += together) {
    runBatch(names.slice(at, at + together), home);
    console.error(`${Math.min(at + together, names.length)}/${names.length}, ${problems.length} problems`);
  }
  writeFileSync(flags.out ?? join(ROOT, 'docs', 'corpus.md'), summary());
  console.log(`${folders} folders, ${problems.length} problems`);
  for (const problem of problems.slice(0, 50)) console.log(problem);
  if (problems.length > 0) process.exitCode = 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}
