/**
 * Measures how well a keyword engine and the ranking find code in real Rust repositories:
 *   npm run eval:search -- REPOSITORY… [--engine memory|sqlite|lance] [--limit 200] [--seed 1] [--out FILE]
 * A repository is a checkout with its history; one without gives no commit queries. Tables go to stdout: each set's
 * measures under each variant, and what each rule of the recipe adds. Tune on other repositories than you report on.
 */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { newSplitter } from '../../src/search/words.ts';
import { ENGINES } from './engines/table.ts';
import type { Run } from './runs.ts';
import { runRepository } from './runs.ts';
import { ablation, overview, repositories } from './tables.ts';
import { VARIANTS } from './variants.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'memory' },
    limit: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
});
const engine = ENGINES[flags.engine as keyof typeof ENGINES];
if (positionals.length === 0 || engine === undefined)
  throw new Error(`usage: main.ts REPOSITORY… [--engine ${Object.keys(ENGINES).join('|')}]`);

const work = mkdtempSync(join(tmpdir(), 'rustassistant-search-'));
const folder = (): string => mkdtempSync(join(work, 'index-'));
try {
  const split = newSplitter();
  const runs: Run[] = [];
  for (const path of positionals) {
    const options = {
      split,
      env: process.env,
      seed: Number(flags.seed),
      engine,
      folder,
      limit: Number(flags.limit),
    };
    runs.push(...(await runRepository(path, options)));
    console.error(`${path} done`);
  }
  const text = [repositories(runs), overview(split, runs, VARIANTS), ablation(split, runs, VARIANTS)].join(
    '\n\n',
  );
  console.log(text);
  if (flags.out !== undefined) appendFileSync(flags.out, `${text}\n\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
