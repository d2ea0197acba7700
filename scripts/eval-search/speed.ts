/**
 * What each engine costs on one repository:
 *   npx tsx scripts/eval-search/speed.ts REPOSITORY [--engines sqlite,lance] [--queries 300] [--spreads 50] [--rounds 15] [--out FILE]
 * Build, size on disk, time of a query, of the update of one file, and of a process that opens the index and asks once.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FIELD_WEIGHTS } from '../../src/search/fields.ts';
import type { FieldTerms } from '../../src/search/fields.ts';
import { readQuery } from '../../src/search/query.ts';
import { newSplitter } from '../../src/search/words.ts';
import { median } from '../support/run.ts';
import type { Corpus } from './corpus.ts';
import { filesOf, readCorpus, termsOf } from './corpus.ts';
import type { Engine } from './engines/engine.ts';
import { ENGINES } from './engines/table.ts';
import { docQueries } from './queries.ts';
import { commitQueries, readCommits } from './commits.ts';
import { table } from './report.ts';
import { newRandom, sample } from './sample.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engines: { type: 'string', default: 'sqlite,lance' },
    queries: { type: 'string', default: '300' },
    spreads: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '15' },
    limit: { type: 'string', default: '200' },
    out: { type: 'string' },
  },
});
const rounds = Number(flags.rounds);
/** The engines that `cold.mjs` can open. */
const COLD: ReadonlySet<string> = new Set(['sqlite', 'lance']);

/** Bytes of everything below a folder. */
function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Milliseconds of the same work on each engine, in turns, so that what else the machine does falls on all alike. */
async function inTurns<Given>(
  built: readonly Built[],
  given: readonly Given[],
  work: (engine: Built, one: Given, round: number) => Promise<unknown>,
): Promise<Map<string, number[]>> {
  const times = new Map(built.map(({ name }) => [name, [] as number[]]));
  for (const [round, one] of given.entries()) {
    for (const engine of built)
      times.get(engine.name)?.push(await milliseconds(() => work(engine, one, round)));
  }
  return times;
}

/** `6.7 / 15.6 / 26.2`: the middle, the 90th and the 99th hundredth. */
function hundredths(times: readonly number[]): string {
  if (times.length === 0) return '–';
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return [0.5, 0.9, 0.99].map((share) => at(share).toFixed(1)).join(' / ');
}

/** Files spread over the repository, each with the chunks that an update would put in anew. */
function changes(
  { files, chunks }: Corpus,
  terms: readonly FieldTerms[],
): (readonly [number, FieldTerms])[][] {
  return Array.from({ length: rounds }, (_, round) => {
    const file = files[Math.floor(((round * 0.618034) % 1) * files.length)];
    return chunks.flatMap((chunk, at) =>
      chunk.file === file ? [[at, terms[at] as FieldTerms] as const] : [],
    );
  });
}

/** A process of its own that opens the index and asks once; `bare` does neither. */
async function askOnce(
  { name, folder }: Pick<Built, 'name' | 'folder'>,
  terms: readonly string[],
): Promise<void> {
  const script = join(import.meta.dirname, 'cold.mjs');
  const args = name === 'bare' ? ['-e', '0'] : [script, name, folder, ...terms];
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`exit status ${status}: ${name}`);
}

interface Built {
  readonly name: string;
  readonly folder: string;
  readonly engine: Engine;
  readonly buildMs: number;
  readonly bytes: number;
}

async function build(name: string, corpus: Corpus, terms: readonly FieldTerms[]): Promise<Built> {
  const folder = mkdtempSync(join(work, `${name}-`));
  const source = { documents: terms, files: filesOf(corpus), weights: FIELD_WEIGHTS, folder };
  const start = performance.now();
  const engine = await ENGINES[name as keyof typeof ENGINES](source);
  return { name, folder, engine, buildMs: performance.now() - start, bytes: bytesIn(folder) };
}

/** Everything about every engine, a row each. */
async function rowsOf(
  corpus: Corpus,
  terms: readonly FieldTerms[],
  queries: readonly string[][],
): Promise<string[][]> {
  const built: Built[] = [];
  for (const name of flags.engines.split(',')) built.push(await build(name, corpus, terms));
  const search = ({ engine }: Built, words: string[]) => engine.search(words, Number(flags.limit));
  await inTurns(built, queries.slice(0, 20), search);
  const searches = await inTurns(built, queries, search);
  const spreads = await inTurns(built, queries.slice(0, Number(flags.spreads)), ({ engine }, words) =>
    engine.spread(words),
  );
  const bare = { name: 'bare', folder: '' } as Built;
  const cold = await inTurns(
    [bare, ...built.filter(({ name }) => COLD.has(name))],
    queries.slice(0, rounds),
    askOnce,
  );
  const changing = built.filter(({ name }) => name !== 'memory');
  const updates = await inTurns(changing, changes(corpus, terms), ({ engine }, change) =>
    engine.replace(change),
  );
  for (const { engine } of built) await engine.close();
  const rows = built.map(({ name, folder, buildMs, bytes }) => [
    name,
    (buildMs / 1000).toFixed(2),
    (bytes / 1e6).toFixed(1),
    (bytesIn(folder) / 1e6).toFixed(1),
    ...[searches, spreads, updates, cold].map((times) => hundredths(times.get(name) ?? [])),
  ]);
  return [...rows, ['node -e 0', '', '', '', '', '', '', hundredths(cold.get('bare') ?? [])]];
}

const work = mkdtempSync(join(tmpdir(), 'rustassistant-speed-'));
try {
  const split = newSplitter();
  const corpus = await readCorpus(positionals[0] ?? '.', process.env);
  const start = process.hrtime.bigint();
  const terms = termsOf(split, corpus, 'nothing');
  const splitting = Number(process.hrtime.bigint() - start) / 1e6;
  const commits = corpus.root.kind === 'git' ? await readCommits(corpus, process.env) : [];
  const random = newRandom(1);
  const texts = [...docQueries(corpus, random).queries, ...commitQueries(corpus, commits, random).queries];
  const queries = sample(texts, Number(flags.queries), random).map(({ text }) => [
    ...readQuery(split, text).terms,
  ]);
  const rows = await rowsOf(corpus, terms, queries);
  const sum = terms.reduce((total, one) => total + Object.values(one).flat().length, 0);
  const text = [
    `${corpus.name}: ${corpus.files.length} files, ${corpus.chunks.length} chunks, ${sum} terms split in ${splitting.toFixed(0)} ms; ` +
      `${queries.length} queries of ${median(queries.map(({ length }) => length))} terms; times are p50 / p90 / p99 in ms`,
    table(
      [
        'engine',
        'build s',
        'MB',
        `MB after ${rounds} updates`,
        'query',
        'spread',
        'update of a file',
        'cold process',
      ],
      rows,
    ),
  ].join('\n\n');
  console.log(text);
  if (flags.out !== undefined) appendFileSync(flags.out, `${text}\n\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
