/** Several processes at one index, and such as are killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { IndexReport } from '../../src/report/index-report.ts';
import type { Notice } from '../../src/types/run.ts';
import { homeWith } from '../commands/support.ts';
import { folderWith, rustassistant, writeFiles } from '../support/cli.ts';
import { compared, countingEmbedder, indexWith, modelIdOf, placeOf } from '../support/indexed.ts';
import { generator, homeWithToy, killed, unharmed, writeTree } from '../support/killed-index.ts';

test('killed at any moment, the next run completes what was begun', async () => {
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'killed-')));
  const folder = join(work, 'tree');
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = generator(seed);
  for (const [at, moments] of [
    ['first', 1],
    ['second', 2],
  ] as const) {
    const { ms, answers } = await unharmed(folder, join(work, `whole-${at}`), at);
    for (let moment = 0; moment < moments; moment += 1) {
      const trial =
        at === 'first'
          ? { folder, work, at, pieces: 1, afterMs: random() * 15 }
          : { folder, work, at, afterMs: (0.5 + random() / 2) * ms };
      await expect(killed(trial, answers), `seed ${seed}, ${trial.afterMs} ms`).resolves.toBeGreaterThan(-1);
    }
  }
}, 120_000);

test('two at once: none fails, and in the end each chunk has its vector', async () => {
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'two-')));
  const folder = join(work, 'tree');
  const home = await homeWithToy(work);
  const env = { RUSTASSISTANT_EMBEDDING_MODEL: 'toy' };
  for (const state of ['first', 'second'] as const) {
    writeTree(folder, state);
    const run = () => rustassistant(work, ['index', folder, '--json'], { env });
    const ends = await Promise.all([run(), run(), run()]);
    for (const { status, stdout } of ends) {
      expect(status).toBe(0);
      const { notices } = JSON.parse(stdout) as IndexReport;
      expect(notices.filter(({ code }) => code !== 'vectors-missing')).toEqual([]);
    }
    const { chunks, vectors, faults } = await compared(home, placeOf(home), modelIdOf(home, 'toy'));
    expect({ vectors, faults }).toEqual({ vectors: chunks, faults: 0 });
  }
}, 60_000);

interface Answer {
  readonly results: number;
  readonly vectors: number;
  readonly notices: readonly Notice[];
}

/** A process that searches; `stop` ends it and gives its answers, and what it complained of. */
function reader(home: string, folder: string, manner: 'held' | 'anew') {
  const script = fileURLToPath(new URL('./children/reader.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, home, folder, manner]);
  const answers: Answer[] = [];
  let errors = '';
  child.stderr.on('data', (text) => (errors += String(text)));
  const lines = createInterface({ input: child.stdout }).on('line', (line) => {
    answers.push(JSON.parse(line) as Answer);
  });
  const closed = once(child, 'close');
  return {
    begun: () => once(lines, 'line'),
    async stop() {
      child.stdin.end();
      await closed;
      return { answers, errors };
    },
  };
}

test('who searches all the while always gets an answer', async () => {
  const functions = (edit: number): string =>
    Array.from(
      { length: 30 },
      (_, n) =>
        `/// Scales by ${n}.\npub fn scaled_${n}(x: u64) -> u64 {\n    x * ${n} + ${n % 5 === 0 ? edit : 0}\n}\n`,
    ).join('\n');
  const home = homeWith();
  const folder = folderWith({ 'src/lib.rs': functions(0), 'src/still.rs': functions(0) });
  const embedder = countingEmbedder();
  await indexWith(home, folder, embedder);
  const readers = [reader(home, folder, 'held'), reader(home, folder, 'anew')];
  await Promise.all(readers.map(({ begun }) => begun()));
  for (let edit = 1; edit <= 25; edit += 1) {
    writeFiles(folder, { 'src/lib.rs': functions(edit) });
    // So far ahead, no grace is left: each run writes the table anew and removes what readers are at.
    await indexWith(home, folder, embedder, { now: () => Date.now() + edit * 600_000 });
  }
  for (const { stop } of readers) {
    const { answers, errors } = await stop();
    expect(errors).toBe('');
    expect(answers.length).toBeGreaterThan(5);
    expect(answers.filter(({ results, vectors }) => results < 10 || vectors === 0)).toEqual([]);
    expect(
      answers.flatMap(({ notices }) => notices).filter(({ code }) => code !== 'vectors-missing'),
    ).toEqual([]);
  }
  await indexWith(home, folder, embedder);
  const { chunks, vectors, faults } = await compared(home, placeOf(home), embedder.id);
  expect({ vectors, faults }).toEqual({ vectors: chunks, faults: 0 });
}, 60_000);
