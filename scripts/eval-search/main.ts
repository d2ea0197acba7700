/**
 * Measures how well a keyword engine and the ranking find code in real Rust repositories:
 *   npm run eval:search -- REPOSITORY… [--engine sqlite,lance] [--limit 200] [--seed 1] [--out FILE]
 * A repository is a checkout with its history; one without gives no commit queries. Tables go to stdout: each set's
 * measures under each variant, what each rule of the recipe adds and, of several engines, how the others differ from the
 * first. Tune on other repositories than you report on.
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
import { ablation, comparison, overview, repositories } from './tables.ts';
import { VARIANTS } from './variants.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'sqlite' },
    limit: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
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
  const options = { split, env: process.env, seed: Number(flags.seed), folder, limit: Number(flags.limit) };
  const byEngine = new Map<string, Run[]>(engines.map(({ name }) => [name, []]));
  for (const path of positionals) {
    const corpus = await readCorpus(path, process.env);
    for (const { name, open } of engines)
      byEngine.get(name)?.push(...(await runRepository(corpus, { ...options, engine: open })));
    console.error(`${path} done`);
  }
  const [first = []] = byEngine.values();
  const tables = [repositories(first), overview(split, first, VARIANTS), ablation(split, first, VARIANTS)];
  if (engines.length > 1) tables.push(comparison(split, byEngine, VARIANTS));
  const text = tables.join('\n\n');
  console.log(text);
  if (flags.out !== undefined) appendFileSync(flags.out, `${text}\n\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
