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

async function queryTimes(engine: Engine, queries: readonly (readonly string[])[]): Promise<number[]> {
  const times: number[] = [];
  for (const terms of queries)
    times.push(await milliseconds(() => engine.search(terms, Number(flags.limit))));
  return times;
}

/** Milliseconds to count each term's chunks by file. */
async function spreadTimes(engine: Engine, queries: readonly (readonly string[])[]): Promise<number[]> {
  const times: number[] = [];
  for (const terms of queries) times.push(await milliseconds(() => engine.spread(terms)));
  return times;
}

/** `6.7 / 15.6 / 26.2`: the middle, the 90th and the 99th hundredth. */
function hundredths(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return [0.5, 0.9, 0.99].map((share) => at(share).toFixed(1)).join(' / ');
}

/** Milliseconds to put the chunks of one file in anew, for files spread over the repository. */
async function updateTimes(
  engine: Engine,
  { files, chunks }: Corpus,
  terms: readonly FieldTerms[],
): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const file = files[Math.floor(((round * 0.618034) % 1) * files.length)];
    const changed = chunks.flatMap((chunk, at) =>
      chunk.file === file ? [[at, terms[at] as FieldTerms] as const] : [],
    );
    if (changed.length > 0) times.push(await milliseconds(() => engine.replace(changed)));
  }
  return times;
}

function coldTimes(name: string, folder: string, queries: readonly (readonly string[])[]): number[] {
  const script = join(import.meta.dirname, 'cold.mjs');
  return Array.from({ length: rounds }, (_, round) => {
    const args = name === 'bare' ? ['-e', '0'] : [script, name, folder, ...(queries[round] ?? [])];
    const start = process.hrtime.bigint();
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
    return status === 0 ? Number(process.hrtime.bigint() - start) / 1e6 : Number.NaN;
  });
}

async function row(name: string, corpus: Corpus, terms: readonly FieldTerms[], queries: readonly string[][]) {
  const folder = mkdtempSync(join(work, `${name}-`));
  const source = { documents: terms, files: filesOf(corpus), weights: FIELD_WEIGHTS, folder };
  const open = ENGINES[name as keyof typeof ENGINES];
  let engine: Engine | undefined;
  const build = await milliseconds(async () => (engine = await open(source)));
  if (engine === undefined) throw new Error('no engine');
  await queryTimes(engine, queries.slice(0, 20));
  const times = await queryTimes(engine, queries);
  const spread = await spreadTimes(engine, queries.slice(0, Number(flags.spreads)));
  const size = bytesIn(folder);
  const updates = name === 'memory' ? [] : await updateTimes(engine, corpus, terms);
  await engine.close();
  const later = bytesIn(folder);
  const cold = COLD.has(name) ? median(coldTimes(name, folder, queries)).toFixed(0) : '–';
  const megabytes = [size, later].map((bytes) => (bytes / 1e6).toFixed(1));
  return [
    name,
    (build / 1000).toFixed(2),
    ...megabytes,
    hundredths(times),
    hundredths(spread),
    median(updates).toFixed(1),
    cold,
  ];
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
  const rows = [];
  for (const name of flags.engines.split(',')) rows.push(await row(name, corpus, terms, queries));
  const bare = median(coldTimes('bare', '', [])).toFixed(0);
  const sum = terms.reduce((total, one) => total + Object.values(one).flat().length, 0);
  const text = [
    `${corpus.name}: ${corpus.files.length} files, ${corpus.chunks.length} chunks, ${sum} terms split in ${splitting.toFixed(0)} ms; ` +
      `${queries.length} queries of ${median(queries.map(({ length }) => length))} terms; node -e 0: ${bare} ms`,
    table(
      [
        'engine',
        'build s',
        'MB',
        `MB after ${rounds} updates`,
        'query ms, p50 / p90 / p99',
        'spread of its terms ms',
        'update of a file ms',
        'cold process ms',
      ],
      rows,
    ),
  ].join('\n\n');
  console.log(text);
  if (flags.out !== undefined) appendFileSync(flags.out, `${text}\n\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
