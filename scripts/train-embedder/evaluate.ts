/** The model measured as a part of the product's search, on repositories that it has not seen. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newSplitter } from '../../src/search/words.ts';
import { readCorpus } from '../eval-search/corpus.ts';
import { openMemory } from '../eval-search/engines/memory.ts';
import type { Run } from '../eval-search/runs.ts';
import { runRepository } from '../eval-search/runs.ts';
import { ablation, overview, repositories, resultsOf } from '../eval-search/tables.ts';
import { vectorVariants } from '../eval-search/variants.ts';
import { openModel } from '../eval-search/vectors.ts';

const CANDIDATES = 200;

/** Tables: words alone, vectors alone, both. */
export async function evaluate(file: string, paths: readonly string[]): Promise<string> {
  const split = newSplitter();
  const work = mkdtempSync(join(tmpdir(), 'rustassistant-evaluation-'));
  try {
    const model = await openModel(file, work);
    const runs: Run[] = [];
    for (const path of paths) {
      const corpus = await readCorpus(path, process.env);
      const options = { split, env: process.env, seed: 1, folder: () => work, limit: CANDIDATES };
      runs.push(...(await runRepository(corpus, { ...options, engine: openMemory, model })));
    }
    const results = resultsOf(split, runs, vectorVariants('builtin'));
    return [repositories(runs), overview(results), ablation(results)].join('\n\n');
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
