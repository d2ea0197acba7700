/**
 * Trains the bundled embedder:
 *   npm run train:embedder -- FOLDER… [--evaluate REPOSITORY…] [--work FOLDER] [--out FOLDER] [--seed 1] [--threads 2]
 * FOLDER holds Rust packages, at any depth; what their manifests do not give under permissive terms is left out, and so is
 * what stands in the repositories of `--evaluate`, which the model is measured on at the end. A run that was broken off
 * goes on where it was, with the same `--work`. Needs about 1 GB; the same seed, packages and number of threads give the
 * same file.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sha256 } from '../../src/util/hash.ts';
import { keep, restore } from './checkpoint.ts';
import type { Data } from './data.ts';
import { readData } from './data.ts';
import { evaluate } from './evaluate.ts';
import { exported } from './export.ts';
import { initialise } from './initial.ts';
import type { Package } from './packages.ts';
import { choose, readPackages } from './packages.ts';
import type { Parameters } from './parameters.ts';
import { newParameters } from './parameters.ts';
import type { Settings } from './settings.ts';
import { SETTINGS } from './settings.ts';
import { openTraining } from './train.ts';
import { validate } from './validate.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    evaluate: { type: 'string', multiple: true, default: [] },
    work: { type: 'string', default: join(tmpdir(), 'rustassistant-training') },
    out: { type: 'string', default: join(import.meta.dirname, '..', '..', 'models', 'rust-static') },
    seed: { type: 'string', default: String(SETTINGS.seed) },
    threads: { type: 'string', default: String(SETTINGS.threads) },
  },
});
if (positionals.length === 0) throw new Error('usage: main.ts FOLDER… [--evaluate REPOSITORY…]');

const started = performance.now();
const say = (line: string): void => {
  const megabytes = (process.memoryUsage().rss / 1e6).toFixed(0);
  console.error(
    `${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s ${megabytes.padStart(5)} MB  ${line}`,
  );
};

/** Packages kept aside, to see after each epoch what was learnt. */
const isAside = (number: number): boolean => number % 31 === 7;

async function learnt(data: Data, settings: Settings): Promise<Parameters> {
  const { vocabulary, examples, kinds } = data;
  const all = [...kinds.keys()];
  const aside = all.filter((at) => isAside(examples.packages[at] as number));
  const training = all.filter((at) => !isAside(examples.packages[at] as number));
  const asked = aside.filter((at) => kinds[at] === 'doc');
  const measured = asked.slice(0, asked.length - (asked.length % 4));
  const parameters = newParameters(vocabulary.size);
  const mrr = (): string => validate(examples, measured, parameters).toFixed(4);
  const key = sha256(JSON.stringify([settings, [...vocabulary.rows], examples.count, training.length]));
  const path = join(flags.work, 'training.bin');
  const threads = openTraining(examples, training, parameters, settings);
  try {
    let epoch = restore(path, key, threads.state);
    if (epoch === null) {
      epoch = 0;
      initialise(
        parameters.table,
        examples,
        training.filter((_, at) => at % 3 === 0),
        settings.seed,
      );
      say(`initial table: MRR@10 ${mrr()} of ${measured.length} queries aside`);
    }
    for (; epoch < settings.epochs; epoch += 1) {
      const loss = await threads.run(epoch);
      keep(path, key, epoch + 1, threads.state);
      say(`epoch ${epoch + 1} of ${settings.epochs}: loss ${loss.toFixed(4)}, MRR@10 ${mrr()}`);
    }
  } finally {
    await threads.close();
  }
  return parameters;
}

function listed(packages: readonly Package[]): string {
  return packages.map(({ name, version, licence }) => `${name} ${version} ${licence}\n`).join('');
}

mkdirSync(flags.work, { recursive: true });
const { packages, refused } = choose(readPackages(positionals));
const counts = Object.entries(refused).map(([why, all]) => `${all.length} ${why}`);
say(`${packages.length} packages; left out: ${counts.join(', ')}`);
const threads = Number(flags.threads);
const data = await readData({ packages, heldOut: flags.evaluate, work: flags.work, threads, say });
const { examples, vocabulary, kinds } = data;
const count = (kind: (typeof kinds)[number]): string =>
  `${kinds.filter((one) => one === kind).length} ${kind}`;
say(`${examples.count} pairs (${count('doc')}, ${count('comment')}, ${count('module')})`);
say(`${vocabulary.rows.size} words in ${vocabulary.size} rows`);
const parameters = await learnt(data, { ...SETTINGS, threads, seed: Number(flags.seed) });
const list = listed(packages);
mkdirSync(flags.out, { recursive: true });
const file = join(flags.out, 'model.bin');
writeFileSync(
  file,
  exported(parameters, vocabulary, { name: 'rust-static', licence: 'MIT', trainedOn: sha256(list) }),
);
writeFileSync(join(flags.out, 'trained-on.txt'), list);
say(`wrote ${file}`);
if (flags.evaluate.length > 0) console.log(await evaluate(file, flags.evaluate));
