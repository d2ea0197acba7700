import { expect, test } from 'vitest';
import { clausesOf } from '../../src/unsafe/clauses.ts';
import { mentions } from '../../src/unsafe/mention.ts';

test('list items, what is nested in them, and sentences that oblige', () => {
  const doc = `Copies bytes.

# Safety

Behavior is undefined if any of the following conditions are violated:

* \`src\` must be [valid] for reads of \`count\`
  bytes.
* Both must be aligned:
  - to four
  - or to eight

The caller must not free it. For example, it must not be dropped.
It is fast.

[valid]: self#safety

# Panics

Must never be read.
`;
  expect(clausesOf(doc)).toEqual([
    '`src` must be valid for reads of `count` bytes.',
    'Both must be aligned: to four or to eight',
    'The caller must not free it.',
  ]);
});

test('a section without any obligation is one clause; no section is none known', () => {
  expect(clausesOf('# Safety\n\nUnsafe, since the index is unchecked. Be careful.')).toEqual([
    'Unsafe, since the index is unchecked. Be careful.',
  ]);
  expect(clausesOf('Reads a byte. The pointer must be valid.')).toBeNull();
  expect(clausesOf('Safety: the pointer must be valid.')).toEqual(['the pointer must be valid.']);
  expect(clausesOf('```\n# Safety\n- never\n```\n')).toBeNull();
  expect(clausesOf('# Safety\n')).toBeNull();
});

test('a hostile documentation stays bounded', () => {
  const clauses = clausesOf(`# Safety\n\n${'- must '.repeat(100_000)}`) ?? [];
  expect(clauses.length).toBeLessThanOrEqual(30);
  expect(Math.max(...clauses.map(({ length }) => length))).toBeLessThanOrEqual(600);
  expect((clausesOf(`# Safety\n\n${'- it must hold\n'.repeat(5000)}`) ?? []).length).toBe(30);
});

test.each([
  ['index is in bounds: the loop ends at len', '`index` must be within bounds', true],
  ['the pointer comes from a reference', 'the pointer must be non-null', true],
  ['the pointer comes from a reference', '`ptr` must be properly aligned', true],
  ['checked above', 'The bytes passed in must be valid UTF-8.', false],
  ['input is ASCII', 'The bytes passed in must be valid UTF-8.', true],
  ['the region is not shared', 'the pointer must be properly aligned', false],
  ['the frobnicator was locked before', 'The caller must own the frobnicator.', true],
  ['', 'the pointer must be valid', false],
])('"%s" mentions "%s": %s', (comment, clause, expected) => {
  expect(mentions(comment, clause)).toBe(expected);
});
