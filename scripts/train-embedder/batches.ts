import { newRandom } from '../eval-search/sample.ts';
import type { Examples } from './examples.ts';
import type { Settings } from './settings.ts';

/** The order of an epoch: examples by batch, those of one package in groups; what does not fill a batch waits. */
export function batchesOf(
  { packages }: Pick<Examples, 'packages'>,
  training: readonly number[],
  { seed, batch, group }: Settings,
  epoch: number,
): Int32Array[] {
  const random = newRandom(seed * 1000 + epoch);
  const byPackage = new Map<number, number[]>();
  for (const example of training) {
    const own = byPackage.get(packages[example] as number);
    if (own === undefined) byPackage.set(packages[example] as number, [example]);
    else own.push(example);
  }
  const groups: number[][] = [];
  for (const own of byPackage.values()) {
    shuffle(own, random);
    for (let at = 0; at < own.length; at += group) groups.push(own.slice(at, at + group));
  }
  shuffle(groups, random);
  const order = groups.flat();
  const batches: Int32Array[] = [];
  for (let at = 0; at + batch <= order.length; at += batch)
    batches.push(Int32Array.from(order.slice(at, at + batch)));
  return batches;
}

/** Fisher and Yates. */
function shuffle(values: unknown[], random: () => number): void {
  for (let at = values.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [values[at], values[other]] = [values[other], values[at]];
  }
}
