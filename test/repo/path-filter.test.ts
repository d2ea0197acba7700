import { expect, test } from 'vitest';
import { pathFilter } from '../../src/repo/path-filter.ts';

const PATHS = ['src/lib.rs', 'src/net/pool.rs', 'src/net/tests/a.rs', 'tests/a.rs', 'build.rs'];

test.each([
  [['src/**'], ['src/lib.rs', 'src/net/pool.rs', 'src/net/tests/a.rs']],
  [['src'], ['src/lib.rs', 'src/net/pool.rs', 'src/net/tests/a.rs']],
  [['/src/*.rs'], ['src/lib.rs']],
  [['a.rs'], ['src/net/tests/a.rs', 'tests/a.rs']],
  [['!tests/'], ['src/lib.rs', 'src/net/pool.rs', 'build.rs']],
  [
    ['src/**', '!tests/'],
    ['src/lib.rs', 'src/net/pool.rs'],
  ],
  [['!src/**', 'src/lib.rs'], ['src/lib.rs']],
  [['nothing'], []],
])('%j lets through %j', (globs, expected) => {
  expect(PATHS.filter(pathFilter(globs))).toEqual(expected);
});

test('bytes beyond ASCII are matched as they are', () => {
  expect(pathFilter(['src/ä*.rs'])('src/äpfel.rs')).toBe(true);
  expect(pathFilter(['src/ä?fel.rs'])('src/apfel.rs')).toBe(false);
});
