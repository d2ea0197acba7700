/**
 * Measures the search index of a repository against floors timed in the same minutes:
 *   tsx scripts/bench-search.ts REPO [--crates FOLDER] [--rounds 9]
 * A copy of REPO is indexed with a toy model's vectors: what a real model takes to embed is not measured. FOLDER holds
 * crates; 25 of them are searched with `--all`, against one repository that holds them all. Exit status 1 where a limit
 * is missed.
 */
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { spawnSync } from 'node:child_process';
import { toyModel } from '../test/support/toy-model.ts';
import { countingEmbedder, indexWith, modelIdOf, placeOf } from '../test/support/indexed.ts';
import { retrievals } from './bench/retrieval.ts';
import { rustFiles } from './bench/tree.ts';
import { PROGRAM, cleanEnv, median, run } from './support/run.ts';
import type { Ran } from './support/run.ts';
import { withTextIndex } from './bench/text-index.ts';

const { values: flags, positionals } = parseArgs({
  options: { crates: { type: 'string' }, rounds: { type: 'string', default: '9' } },
  allowPositionals: true,
});
const [repo] = positionals;
if (repo === undefined) throw new Error('which repository?');
const rounds = Number(flags.rounds);

const ENV = { RUSTASSISTANT_EMBEDDING_MODEL: 'toy' };
const QUERY = 'parse a line of words';
const TERMS = 'pars OR line OR word';

/** With what it takes to know its peak memory: not for timing. */
function rust(home: string, args: readonly string[]): Ran {
  const ran = run(args, { home, env: ENV });
  if (ran.status !== 0) throw new Error(`${args.join(' ')}: ${ran.stdout}${ran.stderr}`);
  return ran;
}

/** Milliseconds from spawn to exit of a Node process. */
function time(home: string, args: readonly string[]): number {
  const began = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { env: cleanEnv(home, ENV) });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${String(stderr)}`);
  return Number(process.hrtime.bigint() - began) / 1e6;
}

const ours = (home: string, args: readonly string[]): number => time(home, [PROGRAM, ...args]);
const floor = (script: string, args: readonly string[]): number =>
  time(work, [join(import.meta.dirname, 'bench', script), ...args]);

interface Line {
  readonly name: string;
  readonly value: number;
  readonly limit: number | null;
  readonly detail?: string;
}

function print({ name, value, limit, detail = '' }: Line): boolean {
  const ok = limit === null || value <= limit;
  const verdict = limit === null ? '' : `≤ ${limit}`.padEnd(7) + (ok ? 'ok' : 'MISSED');
  console.log(`${name.padEnd(66)} ${value.toFixed(2).padStart(8)}  ${verdict.padEnd(14)} ${detail}`);
  return ok;
}

/** Runs the steps in turns; the median of each. */
function inTurns<Key extends string>(steps: Record<Key, () => number>): Record<Key, number> {
  const times = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [key, step] of Object.entries<() => number>(steps))
      times.set(key, [...(times.get(key) ?? []), step()]);
  }
  return Object.fromEntries([...times].map(([key, all]) => [key, median(all)])) as Record<Key, number>;
}

const against = (a: number, b: number): string => `${a.toFixed(0)} ms against ${b.toFixed(0)} ms`;

function bytesBelow(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).size;
  return readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0);
}

function newHome(name: string): string {
  const home = join(work, name);
  mkdirSync(home);
  rust(home, ['models', 'add', toyModel(join(work, `model-${name}`, 'toy'))]);
  return home;
}

function copyOf(from: string, to: string): string {
  cpSync(from, to, { recursive: true, filter: (path) => !['.git', 'target'].includes(basename(path)) });
  return to;
}

async function one(tree: string): Promise<Line[]> {
  const home = newHome('one');
  const first = rust(home, ['index', tree, '--json']);
  const { chunks = 0 } =
    (JSON.parse(first.stdout) as { repositories: { chunks: number }[] }).repositories[0] ?? {};
  console.log(`${chunks} chunks, indexed in ${(first.ms / 1000).toFixed(1)} s`);
  const place = placeOf(home);
  const id = modelIdOf(home, 'toy');
  const theirs = join(work, 'theirs.lance');
  cpSync(place.vectors, theirs, { recursive: true });
  await withTextIndex(theirs, id);
  const search = ['search', QUERY, '--repo', tree];
  const model = join(home, 'cache', 'embedding_models', 'toy');
  rust(home, search);
  const peak = Math.max(...[1, 2, 3].map(() => rust(home, search).peakMiB ?? 0));
  const words = [...search, '--mode', 'keyword'];
  const times = inTurns({
    bare: () => floor('lance-floor.mjs', [theirs, id, QUERY]),
    floor: () => floor('lance-floor.mjs', [theirs, id, QUERY, model]),
    hybrid: () => ours(home, search),
    unsynced: () => ours(home, [...search, '--no-sync']),
    wordsFloor: () => floor('words-floor.mjs', [place.search, TERMS]),
    statFloor: () => floor('words-floor.mjs', [place.search, TERMS, tree]),
    words: () => ours(home, words),
    wordsUnsynced: () => ours(home, [...words, '--no-sync']),
  });
  const files = rustFiles(tree);
  let edited = 0;
  const { edit } = inTurns({
    edit: () => {
      const at = Math.floor(((edited * 0.618034) % 1) * files.length);
      appendFileSync(files[at] as string, `\n/// Counts words.\npub fn edited_${(edited += 1)}() {}\n`);
      return ours(home, ['index', tree]);
    },
  });
  const warm = await retrievals({ home, tree, id, theirs, rounds: rounds * 5 });
  // What is kept for readers goes after a while.
  for (const later of [1, 2]) {
    const now = (): number => Date.now() + later * 10 * 60_000;
    await indexWith(home, tree, countingEmbedder(id), { now });
  }
  const bytes = bytesBelow(place.vectors) + bytesBelow(place.search);
  return [
    line('cold hybrid search, against LanceDB alone that embeds too', times.hybrid, times.floor, 1.6),
    line('the same with --no-sync', times.unsynced, times.floor, null),
    line('cold hybrid search, against LanceDB given the vector', times.hybrid, times.bare, null),
    line('cold search by words, against SQLite alone', times.words, times.wordsFloor, 1.6),
    line('the same, against SQLite and a look at each file', times.words, times.statFloor, null),
    line('with --no-sync, against SQLite alone', times.wordsUnsynced, times.wordsFloor, null),
    line('retrieval in a running process, p50, against hybrid LanceDB', warm.ours, warm.theirs, 1.3),
    { name: 'index, MB per 1,000 chunks', value: bytes / 1e3 / chunks, limit: null },
    { name: 'one edited file indexed again, s', value: edit / 1e3, limit: 1.5 },
    { name: 'peak memory of index, MiB', value: first.peakMiB ?? 0, limit: null },
    { name: 'peak memory of a hybrid search, MiB', value: peak, limit: 300 },
  ];
}

function line(name: string, own: number, base: number, limit: number | null): Line {
  return { name, value: own / base, limit, detail: against(own, base) };
}

/** Each of 25 crates a repository of its own, against all of them in one. */
function many(crates: string): Line[] {
  const home = newHome('many');
  const folder = join(work, 'many-trees');
  const whole = join(work, 'whole');
  const names = readdirSync(crates)
    .sort()
    .filter((name) => !name.startsWith('.') && rustFiles(join(crates, name)).length > 0)
    .filter((_, at) => at % 7 === 0)
    .slice(0, 25);
  for (const name of names) {
    copyOf(join(crates, name), join(folder, name));
    copyOf(join(crates, name), join(whole, name));
  }
  rust(home, ['repo', 'add', ...names.map((name) => join(folder, name))]);
  rust(home, ['index', '--all']);
  const single = newHome('single');
  rust(single, ['index', whole]);
  const all = ['search', QUERY, '--all'];
  const alone = ['search', QUERY, '--repo', whole];
  const times = inTurns({
    all: () => ours(home, all),
    alone: () => ours(single, alone),
    allWords: () => ours(home, [...all, '--mode', 'keyword']),
    aloneWords: () => ours(single, [...alone, '--mode', 'keyword']),
  });
  return [
    line('search --all over 25 repositories, against one as large', times.all, times.alone, 1.5),
    line('the same by words', times.allWords, times.aloneWords, 1.5),
  ];
}

const work = realpathSync(mkdtempSync(join(tmpdir(), 'rustassistant-bench-search-')));
try {
  console.log(`Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model.trim()}`);
  // LanceDB warns of what its floor asks.
  process.env['LANCEDB_LOG'] = 'error';
  const held = (await one(copyOf(repo, join(work, 'tree')))).map(print);
  if (flags.crates !== undefined) held.push(...many(flags.crates).map(print));
  if (held.includes(false)) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
