/**
 * Replays a repository's history to see whether what was dismissed stays dismissed:
 *   tsx scripts/replay-dismissals.ts GIT_DIR [--commits 50] [--out FILE]
 *
 * At the oldest commit every finding is dismissed; then each later commit that touches Rust files is analysed in the
 * same home. At each of them, by a comparison of its own, a finding whose rule, item and code were dismissed must be
 * suppressed, wherever it stands by then, and every other must be open. A file whose content did not change must have
 * the very findings that it had, byte for byte. Exit status 1 where any of this fails.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Finding } from '../src/types/finding.ts';
import type { Report } from '../src/report/model.ts';
import { run } from './support/run.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { commits: { type: 'string', default: '50' }, out: { type: 'string' } },
});
const source = realpathSync(positionals[0] ?? '');
const count = Number(flags.commits);
const work = realpathSync(mkdtempSync(join(tmpdir(), 'rustassistant-dismissals-')));
const tree = join(work, 'tree');
const home = join(work, 'home');

/** Ids on one command line. */
const BATCH = 500;

interface Placed extends Finding {
  readonly path: string;
}

interface File {
  readonly contentHash: string | null;
  readonly findings: readonly Finding[];
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: tree, encoding: 'utf8', maxBuffer: 1 << 28, stdio: 'pipe' });
}

/** Commits on the main line that touch Rust files, oldest first. */
function history(): string[] {
  mkdirSync(tree);
  git('clone', '--quiet', '--shared', '--no-checkout', source, tree);
  const log = git('log', '--first-parent', `--max-count=${count + 1}`, '--format=%H', '--', '*.rs');
  return log.trim().split('\n').reverse();
}

/** The files at a commit, by path. */
function analysed(commit: string): Map<string, File> {
  git('checkout', '--quiet', '--force', commit);
  const ran = run(['analyze', tree, '--provider', 'local', '--json'], { home });
  if (ran.status !== 0) throw new Error(`${commit}: exit status ${ran.status}\n${ran.stderr}`);
  const files = (JSON.parse(ran.stdout) as Report).repositories[0]?.files ?? [];
  return new Map(files.map((file) => [file.path, file]));
}

function placed(files: ReadonlyMap<string, File>): Placed[] {
  return [...files].flatMap(([path, { findings }]) => findings.map((finding) => ({ path, ...finding })));
}

/** What a dismissal is about, as the documentation says it: rule, item (without one the file) and code. */
function about({ rule, path, item, quote }: Placed): string {
  return JSON.stringify([rule, item === '' ? [path] : item, quote.split(/\s+/).join(' ').trim()]);
}

/** Of files whose content is what it was, those whose findings are not. */
function changedForNothing(before: ReadonlyMap<string, File>, now: ReadonlyMap<string, File>): string[] {
  const said = ({ findings }: File): string => JSON.stringify(findings);
  return [...now].flatMap(([path, file]) => {
    const old = before.get(path);
    const same = old !== undefined && old.contentHash !== null && old.contentHash === file.contentHash;
    return same && said(old) !== said(file) ? [path] : [];
  });
}

const sums = { looks: 0, suppressed: 0, otherLine: 0, otherFile: 0, unchangedFiles: 0 };
const wrong: string[] = [];
try {
  const [oldest = '', ...later] = history();
  const start = placed(analysed(oldest)).filter(
    ({ category, suppressed }) => category !== 'syntax' && suppressed === undefined,
  );
  for (let from = 0; from < start.length; from += BATCH) {
    const ids = start.slice(from, from + BATCH).map(({ id }) => id);
    const ran = run(['findings', 'dismiss', ...ids, '--reason', 'replayed', '--repo', tree], { home });
    if (ran.status !== 0) throw new Error(ran.stderr);
  }
  const places = new Map<string, Placed[]>();
  for (const one of start) places.set(about(one), [...(places.get(about(one)) ?? []), one]);
  let before = analysed(oldest);
  for (const [index, commit] of later.entries()) {
    const now = analysed(commit);
    for (const path of changedForNothing(before, now)) wrong.push(`${commit} ${path}: other findings`);
    sums.unchangedFiles += [...now].filter(
      ([path, file]) => before.get(path)?.contentHash === file.contentHash,
    ).length;
    for (const one of placed(now)) {
      if (one.category === 'syntax' || (one.suppressed !== undefined && one.dismissedAt === undefined))
        continue;
      const was = places.get(about(one));
      sums.looks += 1;
      if ((was !== undefined) !== (one.suppressed !== undefined))
        wrong.push(`${commit} ${one.path}:${one.startLine} ${one.rule}: ${one.suppressed ?? 'open'}`);
      if (was === undefined || one.suppressed === undefined) continue;
      sums.suppressed += 1;
      if (!was.some(({ path }) => path === one.path)) sums.otherFile += 1;
      else if (!was.some(({ path, startLine }) => path === one.path && startLine === one.startLine))
        sums.otherLine += 1;
    }
    before = now;
    if (index % 10 === 9) console.error(`${index + 1}/${later.length}, ${wrong.length} wrong`);
  }
  const left = new Set(placed(before).map(about));
  const lapsed = [...places.keys()].filter((key) => !left.has(key)).length;
  const number = (value: number): string => value.toLocaleString('en-US');
  const name = basename(source).replace(/\.git$/, '');
  const line = `| ${[name, later.at(-1)?.slice(0, 10), later.length, start.length, sums.looks, sums.suppressed, sums.otherLine, sums.otherFile, lapsed, sums.unchangedFiles, wrong.length].map((cell) => (typeof cell === 'number' ? number(cell) : cell)).join(' | ')} |`;
  console.log(line);
  for (const one of wrong.slice(0, 20)) console.log(one);
  if (flags.out !== undefined) writeFileSync(flags.out, `${line}\n`, { flag: 'a' });
  if (wrong.length > 0 || sums.suppressed === 0) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
