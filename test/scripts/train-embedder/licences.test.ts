import { expect, test } from 'vitest';
import { isHeldOut } from '../../../scripts/train-embedder/held-out.ts';
import { isPermissive } from '../../../scripts/train-embedder/licences.ts';

test.each([
  ['MIT', true],
  ['MIT/Apache-2.0', true],
  ['MIT OR Apache-2.0', true],
  ['(MIT OR Apache-2.0) AND Unicode-DFS-2016', true],
  ['Apache-2.0 WITH LLVM-exception', true],
  ['GPL-3.0-or-later OR MIT', true],
  ['GPL-3.0-only', false],
  ['MIT AND GPL-2.0', false],
  ['MPL-2.0', false],
  ['(MIT', false],
  ['MIT)', false],
  ['', false],
])('%s is permissive: %s', (expression, expected) => expect(isPermissive(expression)).toBe(expected));

test.each([
  ['grep-searcher', 'https://github.com/BurntSushi/ripgrep/tree/master/crates/searcher', true],
  ['regex', 'https://github.com/rust-lang/regex', false],
  ['bytes', 'https://github.com/tokio-rs/bytes', true],
  ['anything', 'https://github.com/rust-lang/rust-analyzer.git', true],
  ['clap_lex', '', true],
  ['clapper', '', false],
  ['serde-lookalike', 'https://github.com/someone/serde-lookalike', false],
])('%s at %j is held out: %s', (name, repository, expected) =>
  expect(isHeldOut(name, repository)).toBe(expected),
);
