/**
 * Kills indexers (with vectors, by a toy model) at random moments and looks at what is left:
 *   tsx scripts/kill-index.ts [--trials 20] [--seed N]
 *
 * Half of them are killed in their first run, half in the one after edits. Then the same command runs again; what must
 * hold stands in test/support/killed-index.ts.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generator, killed, unharmed } from '../test/support/killed-index.ts';

const { values: flags } = parseArgs({
  options: { trials: { type: 'string', default: '20' }, seed: { type: 'string' } },
});
const seed = Number(flags.seed ?? Math.floor(Math.random() * 2 ** 31));

const work = realpathSync(mkdtempSync(join(tmpdir(), 'rustassistant-kill-index-')));
try {
  const folder = join(work, 'tree');
  const whole = {
    first: await unharmed(folder, join(work, 'whole-first'), 'first'),
    second: await unharmed(folder, join(work, 'whole-second'), 'second'),
  };
  const { first, second } = whole;
  console.log(
    `seed ${seed}; a whole run takes ${first.ms.toFixed(0)} ms, after edits ${second.ms.toFixed(0)} ms`,
  );
  const random = generator(seed);
  let failed = 0;
  for (let trial = 1; trial <= Number(flags.trials); trial += 1) {
    const at = trial % 2 === 1 ? 'first' : 'second';
    // Vectors are stored in a moment that a run seldom is at: half of the first runs are killed there.
    const pieces = trial % 4 === 1 ? 1 + Math.floor(random() * 3) : 0;
    const afterMs = pieces > 0 ? random() * 15 : random() * whole[at].ms;
    const name = `${trial}: killed after ${afterMs.toFixed(0)} ms${pieces > 0 ? ` from piece ${pieces}` : ''} of the ${at} run`;
    try {
      const stored = await killed({ folder, work, at, afterMs, pieces }, whole[at].answers);
      console.log(`${name}: ${stored} texts had their vectors`);
    } catch (error) {
      failed += 1;
      console.log(`${name}: FAILED: ${(error as Error).message}`);
    }
  }
  console.log(`${Number(flags.trials) - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
