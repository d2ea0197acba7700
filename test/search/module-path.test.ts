import { expect, test } from 'vitest';
import { modulePath } from '../../src/search/module-path.ts';

test.each([
  ['src/lib.rs', 'open', ''],
  ['src/net/pool.rs', 'Pool::acquire', 'net::pool::Pool'],
  ['src/net/mod.rs', 'open', 'net'],
  ['crates/ignore/src/walk.rs', 'walk', 'walk'],
  ['crates/ignore/src/main.rs', 'main', ''],
  ['tests/it.rs', 'works', 'tests::it'],
  ['src/a.rs', '', 'a'],
])('%s, %s stands in %s', (file, item, module) => {
  expect(modulePath(file, item)).toBe(module);
});
