/** A quick look at how well items of packages that are not trained on are found by their first sentence. */
import { FIELDS, GROUP_OF } from '../../src/embed/builtin/fields.ts';
import { addPart, newBag, vectorOf } from './bag.ts';
import type { Examples } from './examples.ts';
import { SLOT } from './examples.ts';
import { timesTransposed } from './matrix.ts';
import type { Parameters } from './parameters.ts';
import { DIMENSIONS } from '../../src/embed/embedder.ts';

/** Mean reciprocal rank, within the first ten, among all items given (their number divides by 4), documentation hidden. */
export function validate(examples: Examples, chosen: readonly number[], parameters: Parameters): number {
  const all = (): boolean => true;
  const count = chosen.length;
  const queries = new Float32Array(count * DIMENSIONS);
  const items = new Float32Array(count * DIMENSIONS);
  const bag = newBag();
  chosen.forEach((example, at) => {
    bag.length = 0;
    addPart(bag, examples, parameters.size, { example, slot: SLOT.sentence, field: -1, group: 0 }, all);
    vectorOf(bag, parameters, queries, at * DIMENSIONS);
    bag.length = 0;
    FIELDS.forEach((field, of) => {
      if (field === 'doc') return;
      addPart(
        bag,
        examples,
        parameters.size,
        { example, slot: SLOT[field], field: of, group: GROUP_OF[field] },
        all,
      );
    });
    vectorOf(bag, parameters, items, at * DIMENSIONS);
  });
  const cosines = new Float32Array(count * count);
  timesTransposed(queries, items, cosines, { rows: count, columns: count, inner: DIMENSIONS });
  let sum = 0;
  for (let row = 0; row < count; row += 1) {
    const own = cosines[row * count + row] as number;
    let better = 0;
    for (let column = 0; column < count; column += 1)
      if ((cosines[row * count + column] as number) > own) better += 1;
    if (better < 10) sum += 1 / (better + 1);
  }
  return sum / count;
}
