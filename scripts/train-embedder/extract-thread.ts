/** A thread that parses packages: hears of one share of them at a time, writes its pairs, says so. */
import { renameSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { readSource } from '../../src/repo/source.ts';
import { chunksOf } from '../../src/search/chunks.ts';
import { isTesting } from '../../src/search/testing.ts';
import { loadGrammar } from '../../src/syntax/grammar.ts';
import type { Grammar } from '../../src/syntax/grammar.ts';
import { ParseFailure } from '../../src/syntax/failure.ts';
import { parseFile } from '../../src/syntax/parse.ts';
import type { Share } from './extract.ts';
import type { Pair } from './pairs.ts';
import { pairsOf } from './pairs.ts';

const MAX_FILE_SIZE = 512 * 1024;

function pairsIn(grammar: Grammar, folder: string, path: string): Pair[] {
  if (isTesting(path, 'library')) return [];
  const source = readSource(path, MAX_FILE_SIZE);
  if (source.kind === 'skip') return [];
  try {
    const syntax = parseFile(grammar, source.text);
    return syntax.generated ? [] : pairsOf(relative(folder, path), chunksOf(syntax));
  } catch (error) {
    if (error instanceof ParseFailure && error.kind !== 'aborted') return [];
    throw error;
  }
}

const grammar = await loadGrammar();
parentPort?.on('message', ({ packages, path }: Share) => {
  const lines = packages.flatMap(({ number, folder, files }) =>
    files
      .flatMap((file) => pairsIn(grammar, folder, file))
      .map((pair) => JSON.stringify({ package: number, ...pair })),
  );
  writeFileSync(`${path}.part`, lines.map((line) => `${line}\n`).join(''));
  renameSync(`${path}.part`, path);
  parentPort?.postMessage(lines.length);
});
