/**
 * Measures what users feel, against floors timed in the same minutes:
 *   npm run bench -- [--corpus FOLDER] [--files 3000] [--large 0] [--rounds 9] [--cold-rounds 3]
 * FOLDER holds Rust crates; without it the tree is put together from our example. Runs take turns, medians count. With
 * `--large`, the cold run is also timed once on so many files, where the time that V8 takes to get warm no longer shows.
 * Exit status 1 where a limit is missed.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROGRAM, cleanEnv, median, run } from '../support/run.ts';
import { answerReads, databaseIn, mergedReads } from './cache-read.ts';
import { copyCrates, fromExample, rustFiles } from './tree.ts';

const { values: flags } = parseArgs({
  options: {
    corpus: { type: 'string' },
    files: { type: 'string', default: '3000' },
    large: { type: 'string', default: '0' },
    rounds: { type: 'string', default: '9' },
    'cold-rounds': { type: 'string', default: '3' },
  },
});

interface Line {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly better: 'higher' | 'lower';
  readonly detail: string;
}

/** Milliseconds from spawn to exit of a Node process; its output is thrown away. */
function time(args: readonly string[], home: string): number {
  const start = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, args, { env: cleanEnv(home), stdio: 'ignore' });
  if (status !== 0) throw new Error(`exit status ${status}: node ${args.join(' ')}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Whole process of the analysis, from nothing, against the parse calls alone of one thread. */
function cold(work: string, tree: string, rounds: number): Line {
  const list = join(work, 'list');
  writeFileSync(list, analyzedFiles(work, tree).join('\n'));
  const bare: number[] = [];
  const ours: number[] = [];
  let bytes = 0;
  for (let round = 0; round < rounds; round += 1) {
    const parse = join(import.meta.dirname, 'bare-parse.mjs');
    const { stdout } = spawnSync(process.execPath, [parse, list], { encoding: 'utf8' });
    const [size = 0, ms = 0] = stdout.split(' ').map(Number);
    bytes = size;
    bare.push(ms);
    const home = join(work, `cold-${round}`);
    ours.push(time([PROGRAM, 'analyze', tree, '--provider', 'local'], home));
    rmSync(home, { recursive: true });
  }
  const speed = (ms: number): string => `${(bytes / 1e3 / ms).toFixed(2)} MB/s`;
  return {
    name: `cold local analysis of ${(bytes / 1e6).toFixed(0)} MB, speed against bare parsing`,
    value: median(bare) / median(ours),
    limit: 0.9,
    better: 'higher',
    detail: `${speed(median(ours))} against ${speed(median(bare))}`,
  };
}

/** The files that an analysis really parses, as the report names them. */
function analyzedFiles(work: string, tree: string): string[] {
  const home = join(work, 'listing');
  const ran = run(['analyze', tree, '--provider', 'local', '--format', 'json'], { home });
  if (ran.status !== 0) throw new Error(ran.stderr);
  const report = JSON.parse(ran.stdout) as {
    repositories: { files: { path: string; status: string }[] }[];
  };
  const files = report.repositories.flatMap((repository) => repository.files);
  return files.filter(({ status }) => status === 'analyzed').map(({ path }) => join(tree, path));
}

/** A run where nothing changed, one where one file did, and the floor, in turns. */
function warm(work: string, tree: string, rounds: number): Line[] {
  const home = join(work, 'warm');
  const analyze = [PROGRAM, 'analyze', tree, '--provider', 'local'];
  time(analyze, home);
  time(analyze, home);
  const floorArgs = [join(import.meta.dirname, 'floor.mjs'), databaseIn(home), tree];
  const files = rustFiles(tree);
  const floor: number[] = [];
  const same: number[] = [];
  const changed: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floor.push(time(floorArgs, home));
    same.push(time(analyze, home));
    // Spread over the tree: how early the walk meets the file decides what can overlap.
    const at = Math.floor(((round * 0.618034) % 1) * files.length);
    appendFileSync(files[at] as string, `// round ${round}\n`);
    changed.push(time(analyze, home));
    // What was changed a moment ago is looked at once more: that belongs to neither.
    time(analyze, home);
  }
  const [f, s, c] = [median(floor), median(same), median(changed)] as const;
  const detail = (a: number, b: number): string => `${a.toFixed(0)} ms against ${b.toFixed(0)} ms`;
  return [
    {
      name: `nothing changed, ${files.length} files, against the floor`,
      value: s / f,
      limit: 1.6,
      better: 'lower',
      detail: detail(s, f),
    },
    {
      name: `one file of ${files.length} changed, against nothing changed`,
      value: c / s,
      limit: 1.3,
      better: 'lower',
      detail: detail(c, s),
    },
  ];
}

function version(work: string, rounds: number): Line {
  const bare: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(time(['-e', '0'], work));
    ours.push(time([PROGRAM, '--version'], work));
  }
  const [b, o] = [median(bare), median(ours)];
  return {
    name: '--version against node -e 0',
    value: o / b,
    limit: 1.4,
    better: 'lower',
    detail: `${o.toFixed(0)} ms against ${b.toFixed(0)} ms`,
  };
}

async function reads(work: string): Promise<Line[]> {
  const line = (name: string, value: number): Line => ({
    name,
    value,
    limit: 250,
    better: 'lower',
    detail: 'µs, p50, decompressed',
  });
  return [
    line('read of a merged file result', await mergedReads(join(work, 'warm'))),
    line('read of a paid answer', await answerReads(join(work, 'answers'))),
  ];
}

function print({ name, value, limit, better, detail }: Line): boolean {
  const ok = better === 'higher' ? value >= limit : value <= limit;
  const sign = better === 'higher' ? '≥' : '≤';
  const figure = value >= 10 ? value.toFixed(0) : value.toFixed(2);
  console.log(
    `${name.padEnd(58)} ${figure.padStart(5)}  ${sign} ${String(limit).padEnd(4)} ${ok ? 'ok    ' : 'MISSED'}  ${detail}`,
  );
  return ok;
}

function treeOf(name: string, files: number): string {
  const tree = join(work, name);
  mkdirSync(tree);
  if (flags.corpus === undefined) fromExample(tree, files);
  else copyCrates(flags.corpus, tree, files);
  return tree;
}

const work = realpathSync(mkdtempSync(join(tmpdir(), 'rustassistant-bench-')));
try {
  const tree = treeOf('tree', Number(flags.files));
  const rounds = Number(flags.rounds);
  console.log(`Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model.trim()}`);
  const lines = [
    cold(work, tree, Number(flags['cold-rounds'])),
    ...(flags.large === '0' ? [] : [cold(work, treeOf('large', Number(flags.large)), 1)]),
    ...warm(work, tree, rounds),
    version(work, rounds * 2 + 1),
    ...(await reads(work)),
  ];
  if (lines.map(print).includes(false)) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
