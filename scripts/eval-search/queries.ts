/** Queries with known answers, made of what people wrote about the code beside it. */
import type { Corpus, CorpusChunk, Hidden } from './corpus.ts';
import { sample } from './sample.ts';
import { firstSentence } from './sentence.ts';

export const SETS = ['doc', 'module', 'commit', 'name'] as const;
export type SetName = (typeof SETS)[number];

export interface TestQuery {
  readonly text: string;
  /** Indexes of chunks, or paths of files: what should be found. */
  readonly wanted: ReadonlySet<number | string>;
  readonly finds: 'chunk' | 'file';
}

export interface QuerySet {
  readonly name: SetName;
  readonly hidden: Hidden;
  readonly queries: readonly TestQuery[];
}

/** Queries of one kind and one repository at most. */
export const MOST_QUERIES = 400;
const NAMED: ReadonlySet<string> = new Set([
  'fn',
  'struct',
  'enum',
  'union',
  'trait',
  'macro',
  'const',
  'type',
]);

/**
 * First sentence of an item's documentation → the item. Left out: test code, sentences that are no prose or shorter
 * than four words, and sentences that several items share.
 */
export function docQueries({ chunks }: Corpus, random: () => number): QuerySet {
  const items = chunks.map((chunk) =>
    chunk.kind === 'rest' || chunk.test ? null : firstSentence(chunk.doc),
  );
  return {
    name: 'doc',
    hidden: 'item docs',
    queries: sample(unique(items), MOST_QUERIES, random).map(([text, at]) => chunkQuery(text, at)),
  };
}

/** First sentence of the documentation at a file's head → the file; the same kinds left out. */
export function moduleQueries({ chunks }: Corpus, random: () => number): QuerySet {
  const heads = chunks.map((chunk) => (isHead(chunk) ? firstSentence(chunk.doc) : null));
  const queries = sample(unique(heads), MOST_QUERIES, random).map(([text, at]) =>
    fileQuery(text, [(chunks[at] as CorpusChunk).file]),
  );
  return { name: 'module', hidden: 'file docs', queries };
}

/** An item's bare name, or type and method → the item; names that several items share are left out. */
export function nameQueries({ chunks }: Corpus, random: () => number): QuerySet {
  const names = chunks.map(({ kind, path, test }) =>
    NAMED.has(kind) && !test && !path.includes('<') ? path : null,
  );
  const short = chunks.map(({ kind, name, test }) => (NAMED.has(kind) && !test ? name : null));
  const alone = new Set(unique(short).map(([, at]) => at));
  const queries = sample(unique(names), MOST_QUERIES, random).map(([path, at]) =>
    chunkQuery(alone.has(at) ? (chunks[at] as CorpusChunk).name : path, at),
  );
  return { name: 'name', hidden: 'nothing', queries };
}

function chunkQuery(text: string, chunk: number): TestQuery {
  return { text, wanted: new Set([chunk]), finds: 'chunk' };
}

export function fileQuery(text: string, files: readonly string[]): TestQuery {
  return { text, wanted: new Set(files), finds: 'file' };
}

/** Module documentation stands at the head of a file, before everything else in it. */
function isHead({ kind, doc, startLine, test }: CorpusChunk): boolean {
  return kind === 'rest' && doc !== '' && startLine <= 20 && !test;
}

/** Texts that occur once, with their places. */
function unique(texts: readonly (string | null)[]): [string, number][] {
  const places = new Map<string, number[]>();
  texts.forEach((text, at) => {
    if (text !== null) places.set(text, [...(places.get(text) ?? []), at]);
  });
  return [...places].flatMap(([text, [at, more]]) =>
    more === undefined && at !== undefined ? [[text, at]] : [],
  );
}
