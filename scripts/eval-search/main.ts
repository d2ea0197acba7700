/**
 * Measures how well a keyword engine and the ranking find code in real Rust repositories:
 *   npm run eval:search -- REPOSITORY… [--engine sqlite,lance] [--limit 200] [--seed 1] [--out FILE]
 *     [--model builtin,FOLDER] [--vectors FOLDER]
 * A repository is a checkout with its history; one without gives no commit queries. Tables go to stdout: each set's
 * measures under each variant, what each rule of the recipe adds and, of several engines, how the others differ from the
 * first. Tune on other repositories than you report on.
 * With `--model` (the bundled embedder, a file of its format, folders as transformers.js reads them) keywords, vectors and
 * both are compared; vectors of a folder's model are kept in `--vectors`.
 */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { newSplitter } from '../../src/search/words.ts';
import { readCorpus } from './corpus.ts';
import type { OpenEngine } from './engines/engine.ts';
import { ENGINES } from './engines/table.ts';
import type { Run } from './runs.ts';
import { runRepository } from './runs.ts';
import { ablation, comparison, overview, repositories, resultsOf } from './tables.ts';
import { VARIANTS, vectorVariants } from './variants.ts';
import type { Model } from './vectors.ts';
import { openModel } from './vectors.ts';

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

/** What is compared: an engine by itself, or with a model's vectors. */
interface System {
  readonly name: string;
  readonly open: OpenEngine;
  readonly model: Model | undefined;
}

const work = mkdtempSync(join(tmpdir(), 'rustassistant-search-'));
const folder = (): string => mkdtempSync(join(work, 'index-'));
try {
  const split = newSplitter();
  const models: Model[] = [];
  for (const name of flags.model?.split(',') ?? []) models.push(await openModel(name, flags.vectors));
  const systems = engines.flatMap(({ name, open }): System[] =>
    models.length === 0
      ? [{ name, open, model: undefined }]
      : models.map((model) => ({ name: `${name} + ${model.name}`, open, model })),
  );
  const options = { split, env: process.env, seed: Number(flags.seed), folder, limit: Number(flags.limit) };
  const runs = new Map<System, Run[]>(systems.map((system) => [system, []]));
  for (const path of positionals) {
    const corpus = await readCorpus(path, process.env);
    for (const [{ open, model }, own] of runs)
      own.push(
        ...(await runRepository(corpus, {
          ...options,
          engine: open,
          ...(model === undefined ? {} : { model }),
        })),
      );
    console.error(`${path} done`);
  }
  const results = new Map(
    [...runs].map(([{ name, model }, own]) => {
      const variants = model === undefined ? VARIANTS : vectorVariants(model.kind);
      return [name, resultsOf(split, own, variants)] as const;
    }),
  );
  const [first = []] = runs.values();
  const tables = [repositories(first)];
  for (const [name, own] of results) tables.push(`## ${name}`, overview(own), ablation(own));
  const compared = models.length === 0 ? ['keyword', 'recipe'] : ['vector', 'hybrid'];
  if (results.size > 1) tables.push('## compared', comparison(results, compared));
  const text = tables.join('\n\n');
  console.log(text);
  if (flags.out !== undefined) appendFileSync(flags.out, `${text}\n\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
