import { describe, expect, it } from 'vitest';
import {
  commitQueries,
  plainSubject,
  readCommits,
  saysSomething,
} from '../../../scripts/eval-search/commits.ts';
import { filesOf, readCorpus, termsOf } from '../../../scripts/eval-search/corpus.ts';
import { openMemory } from '../../../scripts/eval-search/engines/memory.ts';
import { sqliteEngine } from '../../../scripts/eval-search/engines/sqlite.ts';
import { docQueries, moduleQueries, nameQueries } from '../../../scripts/eval-search/queries.ts';
import { runRepository } from '../../../scripts/eval-search/runs.ts';
import { newRandom } from '../../../scripts/eval-search/sample.ts';
import { firstSentence } from '../../../scripts/eval-search/sentence.ts';
import { ablation, overview, repositories, resultsOf } from '../../../scripts/eval-search/tables.ts';
import { VARIANTS } from '../../../scripts/eval-search/variants.ts';
import { FIELD_WEIGHTS } from '../../../src/search/fields.ts';
import { newSplitter } from '../../../src/search/words.ts';
import { commitAll, gitEnv, gitInit, scratch, write } from '../../repo/support.ts';

const POOL = `//! A pool of open database connections.

/// Takes a connection that nobody uses.
pub fn acquire() {}
/// Same words for two items.
pub fn one() {}
/// Same words for two items.
pub fn two() {}

#[cfg(test)]
mod tests {
    /// Checks that a connection comes back.
    #[test]
    fn comes_back() {}
}
`;

async function repository() {
  const root = gitInit(scratch({ 'src/pool.rs': POOL, 'src/lib.rs': 'pub mod pool;\npub fn start() {}\n' }));
  commitAll(root, 'Begin with a pool');
  write(root, { 'src/pool.rs': `${POOL}pub fn release() {}\n` });
  commitAll(root, 'pool: let connections go again (#12)');
  write(root, { 'src/gone.rs': 'fn gone() {}\n' });
  commitAll(root, 'Add something that goes again');
  write(root, { 'src/gone.rs': '', 'src/lib.rs': 'pub mod pool;\npub fn begin() {}\n' });
  commitAll(root, 'Fix typo');
  return readCorpus(root, gitEnv(root));
}

describe('queries from a repository', () => {
  it('documentation that one item has, tests left out', async () => {
    const corpus = await repository();
    const [query, ...more] = docQueries(corpus, newRandom(1)).queries;
    expect(query?.text).toBe('Takes a connection that nobody uses.');
    expect([...(query?.wanted ?? [])].map((at) => corpus.chunks[at as number]?.path)).toEqual(['acquire']);
    expect(more).toEqual([]);
  });
  it('module documentation', async () => {
    const { queries } = moduleQueries(await repository(), newRandom(1));
    expect(queries.map(({ text, wanted }) => [text, ...wanted])).toEqual([
      ['A pool of open database connections.', 'src/pool.rs'],
    ]);
  });
  it('names', async () => {
    const { queries } = nameQueries(await repository(), newRandom(1));
    expect(queries.map(({ text }) => text).sort()).toEqual(['acquire', 'begin', 'one', 'release', 'two']);
  });
  it('commits that say something and whose files are still there', async () => {
    const corpus = await repository();
    const commits = await readCommits(corpus, gitEnv(corpus.root.root));
    expect(commits.map(({ subject }) => subject)).toEqual([
      'Fix typo',
      'Add something that goes again',
      'pool: let connections go again',
      'Begin with a pool',
    ]);
    const { queries } = commitQueries(corpus, commits, newRandom(1));
    expect(queries.map(({ text, wanted }) => [text, ...wanted].join(' '))).toContain(
      'pool: let connections go again src/pool.rs',
    );
    expect(queries.map(({ text }) => text)).not.toContain('Fix typo');
  });
});

it('hidden documentation is in no column', async () => {
  const corpus = await repository();
  const split = newSplitter();
  const has = (hidden: 'nothing' | 'item docs' | 'file docs', term: string): boolean =>
    termsOf(split, corpus, hidden).some((terms) => Object.values(terms).flat().includes(term));
  expect([has('nothing', 'nobodi'), has('item docs', 'nobodi'), has('file docs', 'nobodi')]).toEqual([
    true,
    false,
    true,
  ]);
  expect([has('nothing', 'databas'), has('item docs', 'databas'), has('file docs', 'databas')]).toEqual([
    true,
    true,
    false,
  ]);
});

it('SQLite scores as the reference does, and spreads terms alike', async () => {
  const corpus = await repository();
  const split = newSplitter();
  const documents = termsOf(split, corpus, 'nothing');
  const source = { documents, files: filesOf(corpus), weights: FIELD_WEIGHTS };
  const memory = await openMemory({ ...source, folder: '' });
  const sqlite = await sqliteEngine()({ ...source, folder: scratch() });
  const terms = split('a pool lets a connection go');
  const round = (hits: readonly { document: number; score: number }[]) =>
    hits.map(({ document, score }) => [document, score.toFixed(9)]).sort();
  expect(round(await sqlite.search(terms, 99))).toEqual(round(await memory.search(terms, 99)));
  expect(await sqlite.spread(terms)).toEqual(await memory.spread(terms));
  await sqlite.close();
});

it('a whole run finds what it should', async () => {
  const corpus = await repository();
  const split = newSplitter();
  const runs = await runRepository(corpus, {
    split,
    env: gitEnv(corpus.root.root),
    seed: 1,
    engine: openMemory,
    folder: () => '',
    limit: 200,
  });
  const results = resultsOf(split, runs, VARIANTS);
  expect(
    results
      .get('recipe')
      ?.get('name')
      ?.map(({ mrr }) => mrr),
  ).toEqual([1, 1, 1, 1, 1]);
  expect(repositories(runs)).toMatch(/\| 3 \| \d+ \| 1 \| 1 \| \d+ \| 5 \|$/);
  expect(overview(results)).toContain('| name → item | recipe | 5 | 1.000 ±.000 |');
  expect(ablation(results)).toContain('| recipe, no definitions |');
});

describe('firstSentence', () => {
  it.each([
    ['Opens a [`File`](std::fs::File) for reading. Then more.', 'Opens a File for reading.'],
    ['Splits e.g. a\nlong line', 'Splits eg a long line'],
    ['Two words.', null],
    ['# A heading for many', null],
    ['```\nlet a = 1 + 2 + 3;\n```', null],
    ['', null],
    [`${'long '.repeat(60)}.`, null],
  ])('%j', (doc, sentence) => expect(firstSentence(doc)).toBe(sentence));
});

describe('commit subjects', () => {
  it.each([
    ['feat(parser): read numbers (#3)', 'parser: read numbers'],
    ['fix: do not panic', 'do not panic'],
    ['io: fix a race', 'io: fix a race'],
  ])('%s', (subject, plain) => expect(plainSubject(subject)).toBe(plain));
  it.each([
    'Merge branch main into next',
    'Bump serde from 1 to 2',
    'Release 1.2.3 of it',
    'v1.0.2 is out',
    'fix a typo here',
    'run cargo fmt',
    'two words',
  ])('%s says nothing', (subject) => expect(saysSomething(subject)).toBe(false));
});
