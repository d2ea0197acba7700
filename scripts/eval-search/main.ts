/**
 * Measures how well a keyword engine and the ranking find code in real Rust repositories:
 *   npm run eval:search -- REPOSITORY… [--engine sqlite,lance] [--limit 200] [--seed 1] [--out FILE]
 *     [--model FOLDER] [--vectors FOLDER]
 * A repository is a checkout with its history; one without gives no commit queries. Tables go to stdout: each set's
 * measures under each variant, what each rule of the recipe adds and, of several engines, how the others differ from the
 * first. Tune on other repositories than you report on.
 * With `--model`, a folder as transformers.js reads it, keywords, vectors and both are compared; vectors are kept in
 * `--vectors`.
 */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { newSplitter } from '../../src/search/words.ts';
import { readCorpus } from './corpus.ts';
import { ENGINES } from './engines/table.ts';
import type { Run } from './runs.ts';
import { runRepository } from './runs.ts';
import { ablation, comparison, overview, repositories, resultsOf } from './tables.ts';
import { VARIANTS, VECTOR_VARIANTS } from './variants.ts';
import { openEmbedder } from './vectors.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'sqlite' },
    limit: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    model: { type: 'string' },
    vectors: { type: 'string', default: join(tmpdir(), 'rustassistant-vectors') },
    out: { type: 'string' },
  },
});
const engines = flags.engine
  .split(',')
  .map((name) => ({ name, open: ENGINES[name as keyof typeof ENGINES] }));
if (positionals.length === 0 || engines.some(({ open }) => open === undefined))
  throw new Error(`usage: main.ts REPOSITORY… [--engine ${Object.keys(ENGINES).join('|')}]`);

const work = mkdtempSync(join(tmpdir(), 'rustassistant-search-'));
const folder = (): string => mkdtempSync(join(work, 'index-'));
try {
  const split = newSplitter();
  const embedder = flags.model === undefined ? undefined : await openEmbedder(flags.model, flags.vectors);
  const variants = embedder === undefined ? VARIANTS : VECTOR_VARIANTS;
  const options = {
    split,
    env: process.env,
    seed: Number(flags.seed),
    folder,
    limit: Number(flags.limit),
    ...(embedder === undefined ? {} : { embedder }),
  };
  const byEngine = new Map<string, Run[]>(engines.map(({ name }) => [name, []]));
  for (const path of positionals) {
    const corpus = await readCorpus(path, process.env);
    for (const { name, open } of engines)
      byEngine.get(name)?.push(...(await runRepository(corpus, { ...options, engine: open })));
    console.error(`${path} done`);
  }
  const [first = []] = byEngine.values();
  const results = new Map(
    [...byEngine].map(([name, runs]) => [name, resultsOf(split, runs, variants)] as const),
  );
  const [firstResults = new Map()] = results.values();
  const tables = [repositories(first), overview(firstResults), ablation(firstResults)];
  if (engines.length > 1) tables.push(comparison(results));
  const text = tables.join('\n\n');
  console.log(text);
  if (flags.out !== undefined) appendFileSync(flags.out, `${text}\n\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
