import { expect, test } from 'vitest';
import { gapsBetween } from '../../src/vector/gaps.ts';

test.each([
  [
    'in order',
    [
      [1, 'a'],
      [2, 'b'],
    ],
    { missing: [], wrong: [], gone: [] },
  ],
  ['one is missing', [[1, 'a']], { missing: [2], wrong: [], gone: [] }],
  [
    'one is no more',
    [
      [1, 'a'],
      [2, 'b'],
      [3, 'a'],
    ],
    { missing: [], wrong: [], gone: [3] },
  ],
  [
    'twice the same',
    [
      [1, 'a'],
      [2, 'b'],
      [1, 'a'],
    ],
    { missing: [1], wrong: [1], gone: [] },
  ],
  [
    'something else',
    [
      [1, 'a'],
      [2, 'c'],
    ],
    { missing: [2], wrong: [2], gone: [] },
  ],
  [
    'its own and something else',
    [
      [1, ''],
      [1, 'a'],
      [2, 'b'],
    ],
    { missing: [1], wrong: [1], gone: [] },
  ],
  ['nothing', [], { missing: [1, 2], wrong: [], gone: [] }],
] as const)('%s', (_, rows, gaps) => {
  const wanted = new Map([
    [1, 'a'],
    [2, 'b'],
  ]);
  expect(
    gapsBetween(
      wanted,
      rows.map(([id, hash]) => ({ id, hash })),
    ),
  ).toEqual(gaps);
});
