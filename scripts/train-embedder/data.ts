/** From packages to examples: pairs, each once, none of what is evaluated on; the vocabulary; their rows. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { newSeen } from './duplicates.ts';
import type { Examples } from './examples.ts';
import { encodeInto } from './examples.ts';
import type { PairOf } from './extract.ts';
import { extract, readPairs } from './extract.ts';
import type { Package } from './packages.ts';
import type { Pair } from './pairs.ts';
import type { Vocabulary } from './vocabulary.ts';
import { countWords } from './vocabulary.ts';

export interface Data {
  readonly vocabulary: Vocabulary;
  readonly examples: Examples;
  readonly kinds: readonly Pair['kind'][];
}

export interface Sources {
  readonly packages: readonly Package[];
  /** Folders that are evaluated on. */
  readonly heldOut: readonly string[];
  readonly work: string;
  readonly threads: number;
  readonly say: (line: string) => void;
}

/** Rows of the table at most. */
const ROWS = 19_000;
/** Of one package, so that none sets the tone. */
const MOST_PAIRS = 2_000;

export async function readData({ packages, heldOut, work, threads, say }: Sources): Promise<Data> {
  const shares = await extract(packages, join(work, 'pairs'), threads, say);
  const seen = newSeen();
  const aside = heldOut.map((folder) => ({ folder, files: rustFiles(folder) }));
  for (const path of await extract(aside, join(work, 'held-out'), threads, say))
    for (const pair of readPairs(path)) seen.isNew(pair);
  const words = countWords();
  const taken = new Map<number, number>();
  const pairs: PairOf[] = [];
  for (const pair of shares.flatMap(readPairs)) {
    const before = taken.get(pair.package) ?? 0;
    if (!seen.isNew(pair) || before >= MOST_PAIRS) continue;
    taken.set(pair.package, before + 1);
    words.add(pair);
    pairs.push(pair);
  }
  const vocabulary = words.vocabulary(ROWS);
  const encoding = encodeInto(vocabulary);
  for (const pair of pairs) encoding.add(pair);
  return { vocabulary, examples: encoding.examples(), kinds: pairs.map(({ kind }) => kind) };
}

function rustFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.rs'))
    .sort()
    .map((path) => join(folder, path));
}
