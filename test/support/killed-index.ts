/** An indexer (with vectors) that is killed, and what the next run makes of what it left. */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SearchReport } from '../../src/report/search-model.ts';
import { connect } from '../../src/vector/library.ts';
import { rustassistant, writeFiles } from './cli.ts';
import { compared, modelIdOf, placeOf, withVectors } from './indexed.ts';
import { toyModel } from './toy-model.ts';

const FILES = 24;
const FUNCTIONS = 12;
const ENV = { RUSTASSISTANT_EMBEDDING_MODEL: 'toy' };
const QUERIES = ['count the words of a line', 'sleeps on the warm roof'];

/** A tree whose functions all differ; another `state` edits some of its files and takes one away. */
export function writeTree(folder: string, state: 'first' | 'second'): void {
  const files = Array.from({ length: FILES }, (_, at): [string, string] => {
    const edited = state === 'second' && at % 3 === 0;
    const functions = Array.from({ length: FUNCTIONS }, (_, n) => {
      const mark = edited && n % 4 === 0 ? ' and sleeps on the warm roof' : '';
      return `/// Counts the words of line ${n}${mark}: part${at}.\npub fn words_${at}_${n}(file: &str) -> usize {\n    file.lines().nth(${n}).map_or(0, |line| line.split(' ').count() + ${at})\n}\n`;
    });
    return [`src/part${at}.rs`, functions.join('\n')];
  });
  const modules = files.map((_, at) => `pub mod part${at};\n`).join('');
  const manifest = '[package]\nname = "killed"\nversion = "0.1.0"\nedition = "2021"\n';
  writeFiles(folder, { 'Cargo.toml': manifest, 'src/lib.rs': modules, ...Object.fromEntries(files) });
  if (state === 'second') rmSync(join(folder, `src/part${FILES - 1}.rs`));
}

/** Takes the toy model into a home; returns the home's path as `RUSTASSISTANT_HOME` has it. */
export async function homeWithToy(home: string): Promise<string> {
  mkdirSync(home, { recursive: true });
  await run(home, ['models', 'add', toyModel(join(home, 'toy'))]);
  return join(home, 'ra');
}

async function run(
  home: string,
  args: readonly string[],
  moment?: Pick<Trial, 'afterMs' | 'pieces'>,
): Promise<string> {
  const ended = rustassistant(home, args, {
    env: ENV,
    onStart: (kill) => {
      if (moment !== undefined) void comes(home, moment).then(() => kill('SIGKILL'));
    },
  });
  const { status, stdout, stderr } = await ended;
  if (status !== 0 && status !== null) throw new Error(`${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

async function comes(
  home: string,
  { afterMs, pieces = 0 }: Pick<Trial, 'afterMs' | 'pieces'>,
): Promise<void> {
  // A run that is over before it comes is not killed.
  for (let waits = 0; piecesIn(home) < pieces && waits < 5_000; waits += 1) await sleep(1);
  await sleep(afterMs);
}

function piecesIn(home: string): number {
  const repositories = join(home, 'ra', 'cache', 'repos');
  if (!existsSync(repositories)) return 0;
  return readdirSync(repositories, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /embeddings\.lance.data.[^/\\]+\.lance$/.test(path.replace(/toy-\w+\.lance[/\\]/, '')),
  ).length;
}

/** What searches find, so that two homes can be compared: equal scores may stand in any order. */
async function answers(home: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const query of QUERIES) {
    const text = await run(home, ['search', query, '--repo', folder, '-n', '400', '--json']);
    const { results, notices, mode } = JSON.parse(text) as SearchReport;
    check(mode === 'hybrid' && notices.length === 0, `notices: ${JSON.stringify(notices)}`);
    found.push(
      ...results.map(({ score, path, startLine }) => `${query}: ${score.toFixed(6)} ${path}:${startLine}`),
    );
  }
  return found.sort();
}

function check(holds: boolean, claim: string): void {
  if (!holds) throw new Error(claim);
}

export interface Trial {
  readonly folder: string;
  /** Homes are made in it. */
  readonly work: string;
  /** Whether the indexer is killed at its first run, or after edits. */
  readonly at: 'first' | 'second';
  readonly afterMs: number;
  /** Counted from when so many pieces of the table are there; left out, from the start. */
  readonly pieces?: number;
}

/** How long `index` takes that nobody kills, in a new home and after edits; and what searches then find. */
export async function unharmed(folder: string, home: string, at: Trial['at']) {
  await prepared(folder, home, at);
  const began = performance.now();
  await run(home, ['index', folder]);
  const ms = performance.now() - began;
  return { ms, answers: await answers(home, folder) };
}

async function prepared(folder: string, home: string, at: Trial['at']): Promise<void> {
  await homeWithToy(home);
  rmSync(folder, { recursive: true, force: true });
  writeTree(folder, 'first');
  if (at === 'first') return;
  await run(home, ['index', folder]);
  writeTree(folder, 'second');
}

/**
 * Kills and goes on; throws where a claim does not hold: each chunk has one vector, searches find what they find in a
 * home where nobody was killed, and no text is embedded whose vector was stored. Returns how many were.
 */
export async function killed(
  { folder, work, at, ...moment }: Trial,
  expected: readonly string[],
): Promise<number> {
  const home = join(work, 'home');
  const marked = join(work, 'marked');
  try {
    await prepared(folder, home, at);
    await run(home, ['index', folder], moment);
    cpSync(home, marked, { recursive: true });
    const id = modelIdOf(join(home, 'ra'), 'toy');

    await run(home, ['index', folder]);
    const { chunks, vectors, faults } = await compared(join(home, 'ra'), placeOf(join(home, 'ra')), id);
    check(faults === 0 && chunks === vectors, `${chunks} chunks, ${vectors} vectors, ${faults} faults`);
    const found = await answers(home, folder);
    const differ = found.filter((line, n) => line !== expected[n]);
    check(
      found.length === expected.length && differ.length === 0,
      `${differ.length} of ${expected.length} answers differ: ${differ[0]}`,
    );

    const stored = await mark(join(marked, 'ra'), id);
    await run(marked, ['index', folder]);
    const again = await unmarked(join(marked, 'ra'), id, stored);
    check(again === 0, `${again} of ${stored.size} texts were embedded again`);
    return stored.size;
  } finally {
    for (const path of [home, marked]) rmSync(path, { recursive: true, force: true });
  }
}

const MARK = Array.from({ length: 384 }, () => 0.0625);

/** Gives every stored row the same vector, which no text has; returns their hashes. */
async function mark(home: string, id: string): Promise<ReadonlySet<string>> {
  const stored = await hashesIn(home, id);
  if (stored.size === 0) return stored;
  const { connection } = await connect(placeOf(home).vectors);
  const table = await connection.openTable(id);
  await table.update({ values: { vector: MARK } });
  connection.close();
  return stored;
}

async function hashesIn(home: string, id: string): Promise<ReadonlySet<string>> {
  try {
    const rows = await withVectors(placeOf(home), id, (vectors) => vectors.stored());
    return new Set(rows.map(({ hash }) => hash));
  } catch (error) {
    // Killed before there was a place.
    if (String(error).includes('nothing is stored')) return new Set();
    throw error;
  }
}

/** How many of these texts have another vector by now. */
async function unmarked(home: string, id: string, hashes: ReadonlySet<string>): Promise<number> {
  const found = await withVectors(placeOf(home), id, (vectors) => vectors.vectorsOf([...hashes]));
  return [...found.values()].filter((vector) => vector[0] !== MARK[0]).length;
}

/** Marsaglia's xorshift32: the same seed gives the same moments. */
export function generator(from: number): () => number {
  let state = from | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
