/** A repository as the index sees it: found by the product's own walk, read by its own parser. */
import { basename } from 'node:path';
import { gitSettings } from '../../src/repo/git-config.ts';
import type { Root } from '../../src/repo/root.ts';
import { discoverRoot } from '../../src/repo/root.ts';
import { readSource } from '../../src/repo/source.ts';
import { walk } from '../../src/repo/walk.ts';
import { chunksOf } from '../../src/search/chunks.ts';
import type { Chunk } from '../../src/search/chunks.ts';
import type { FieldTerms } from '../../src/search/fields.ts';
import { fieldTerms } from '../../src/search/fields.ts';
import { isTesting } from '../../src/search/testing.ts';
import type { Splitter } from '../../src/search/words.ts';
import { loadGrammar } from '../../src/syntax/grammar.ts';
import { parseFile } from '../../src/syntax/parse.ts';

const MAX_FILE_SIZE = 1024 * 1024;
export interface CorpusChunk extends Chunk {
  readonly file: string;
}

export interface Corpus {
  readonly name: string;
  readonly root: Root;
  readonly files: readonly string[];
  readonly fileNumbers: ReadonlyMap<string, number>;
  readonly chunks: readonly CorpusChunk[];
}

/** Which documentation stays out of an index, so that a query made of it does not find its own words. */
export type Hidden = 'nothing' | 'item docs' | 'file docs';

/** Reads every Rust file below `path`; generated files are left out, as the product leaves them out. */
export async function readCorpus(path: string, env: NodeJS.ProcessEnv): Promise<Corpus> {
  const root = discoverRoot(path);
  const git = await gitSettings(root, env);
  const grammar = await loadGrammar();
  const found = await walk(root, {
    maxFileSize: MAX_FILE_SIZE,
    gitExcludesFile: git.excludesFile,
    ignoreCase: git.ignoreCase,
  });
  const files: string[] = [];
  const chunks: CorpusChunk[] = [];
  for (const { path: file, role } of found.files) {
    const source = readSource(`${root.root}/${file}`, MAX_FILE_SIZE);
    if (source.kind === 'skip') continue;
    const syntax = parseFile(grammar, source.text);
    if (syntax.generated) continue;
    const testing = isTesting(file, role);
    files.push(file);
    for (const chunk of chunksOf(syntax)) chunks.push({ ...chunk, file, test: chunk.test || testing });
  }
  const fileNumbers = new Map(files.map((file, at) => [file, at]));
  return { name: basename(root.root), root, files, fileNumbers, chunks };
}

/** The terms of every chunk, less what is hidden. */
export function termsOf(split: Splitter, { chunks }: Corpus, hidden: Hidden): FieldTerms[] {
  return chunks.map((chunk) => fieldTerms(split, chunk.file, visible(chunk, hidden)));
}

/** The number of each chunk's file. */
export function filesOf({ chunks, fileNumbers }: Corpus): number[] {
  return chunks.map(({ file }) => fileNumbers.get(file) as number);
}

/** The chunk without what is hidden. */
export function visible(chunk: CorpusChunk, hidden: Hidden): Chunk {
  const isHidden = hidden !== 'nothing' && (chunk.kind === 'rest') === (hidden === 'file docs');
  return isHidden ? { ...chunk, doc: '' } : chunk;
}
