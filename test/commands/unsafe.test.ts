import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { marked } from 'marked';
import { expect, test } from 'vitest';
import type { UnsafeReport } from '../../src/report/unsafe-model.ts';
import { folderWith, freshFolder, writeFiles } from '../support/cli.ts';
import { schemaErrors } from '../support/schema.ts';
import { command, homeWith, json } from './support.ts';

const WORKSPACE = {
  'Cargo.toml': '[workspace]\nmembers = ["app", "base"]\n',
  'Cargo.lock': '[[package]]\nname = "ringlet"\nversion = "1.2.0"\nsource = "registry+x"\n',
  'app/Cargo.toml':
    '[package]\nname = "app"\nversion = "0.1.0"\n[dependencies]\nbase = { path = "../base" }\nringlet = "1"\nserde = "1"\n',
  'app/src/lib.rs': `pub fn f(p: *mut u8) {
    // SAFETY: p is aligned
    unsafe { base::poke(p); ringlet::spin(p); std::ptr::read(p) };
}
#[cfg(test)]
mod tests {
    fn t() { unsafe { base::poke(std::ptr::null_mut()) } }
}
`,
  'app/src/broken.rs': 'fn f( { unsafe { g() }\n',
  'app/tests/it.rs': 'fn t() { unsafe { g() } }\n',
  'app/src/plain.rs': 'pub fn nothing() {}\n',
  'base/Cargo.toml': '[package]\nname = "base"\nversion = "0.1.0"\n',
  'base/src/lib.rs': '/// # Safety\n/// `p` must be initialized.\npub unsafe fn poke(p: *mut u8) {}\n',
};

/** A home of Cargo's with one unpacked crate. */
function cargoHome(): string {
  const home = freshFolder('cargo');
  const crate = 'registry/src/index.crates.io-0/ringlet-1.2.0';
  writeFiles(home, {
    [`${crate}/src/lib.rs`]:
      '/// # Safety\n/// Nothing else may touch the frobnicator.\npub unsafe fn spin(p: *mut u8) {}\n',
    'registry/src/index.crates.io-0/ringlet-1.1.0/src/lib.rs': 'pub unsafe fn spin(p: *mut u8) {}\n',
  });
  return home;
}

test('contracts come from the crate, its path dependencies, the registry and std', async () => {
  const folder = folderWith(WORKSPACE);
  const env = { CARGO_HOME: cargoHome() };
  const report = await json<UnsafeReport>(['unsafe', folder], { home: homeWith(), env });
  expect(schemaErrors('unsafe', report)).toEqual([]);
  const file = report.files.find(({ path }) => path === 'app/src/lib.rs');
  const [block, inTest] = file?.sites ?? [];
  const origins = block?.operations.map(({ contract }) => [
    contract?.source,
    contract?.crate,
    contract?.path,
  ]);
  expect(origins).toEqual([
    ['path', 'base', 'poke'],
    ['registry', 'ringlet', 'spin'],
    ['std', 'std', 'ptr::read'],
  ]);
  const gaps = block?.gaps.map((gap) => (gap.kind === 'clause' ? `${gap.path}: ${gap.clause}` : gap.kind));
  expect(gaps).toContain('poke: `p` must be initialized.');
  expect(gaps).toContain('spin: Nothing else may touch the frobnicator.');
  expect(gaps?.join()).not.toContain('aligned.');
  expect(block?.miri).toBe('cargo +nightly miri test --manifest-path app/Cargo.toml tests');
  expect(inTest?.test).toBe(true);
});

test('tests are counted apart, and what did not parse is unknown', async () => {
  const report = await json<UnsafeReport>(['unsafe', folderWith(WORKSPACE)], { home: homeWith() });
  expect(report.summary.files).toEqual({ found: 5, unsafe: 4, unknown: 1 });
  expect(report.summary.tests).toEqual({ block: 2 });
  expect(report.files.find(({ path }) => path === 'app/src/broken.rs')?.problem).toContain('cannot be read');
  expect(report.files.map(({ path }) => path)).not.toContain('app/src/plain.rs');
  const { stdout } = await command(['unsafe', folderWith(WORKSPACE)], { home: homeWith() });
  expect(stdout).toContain('unknown: app/src/broken.rs');
});

test('a folder inside asks for its own places and still knows the contracts around', async () => {
  const folder = folderWith(WORKSPACE);
  const report = await json<UnsafeReport>(['unsafe', join(folder, 'app', 'src', 'lib.rs')], {
    home: homeWith(),
  });
  expect(report.files.map(({ path }) => path)).toEqual(['app/src/lib.rs']);
  expect(report.files[0]?.sites[0]?.operations[0]?.contract?.clauses).toEqual(['`p` must be initialized.']);
});

test('text and Markdown show the gaps; --sites and --tests more, --limit less', async () => {
  const folder = folderWith(WORKSPACE);
  const home = homeWith();
  const shown = async (...args: string[]) => (await command(['unsafe', folder, ...args], { home })).stdout;
  const text = await shown();
  expect(text).toContain('not mentioned: `p` must be initialized. (poke)');
  expect(text).toContain('says: SAFETY: p is aligned');
  expect(text).not.toContain('tests/it.rs');
  expect(await shown('--tests')).toContain('tests/it.rs');
  expect(await shown('--sites')).toContain('unsafe fn poke');
  expect(await shown('--limit', '1', '--tests')).toMatch(/3 more places not shown/);
  const markdown = await shown('--format', 'markdown');
  expect(markdown).toContain('## `app/src/lib.rs`');
  expect(markdown).toContain('`p` must be initialized.');
});

test('code cannot write into the report', async () => {
  const home = homeWith();
  const folder = folderWith({
    'src/lib.rs': `fn f() {
    // SAFETY: fine \u001b[2J \u202e <script>alert(1)</script> [x](javascript:y) | ok
    unsafe { g() }
}
/// # Safety
/// - must \u001b]0;owned\u0007 be <img src=x>
unsafe fn g() {}
`,
  });
  for (const format of ['text', 'markdown']) {
    const { stdout } = await command(['unsafe', folder, '--sites', '--format', format], { home });
    expect(stdout).toContain('fine');
    expect(stdout).not.toMatch(/[\u001b\u0007\u202e]/);
    if (format === 'markdown') expect(await marked(stdout)).not.toMatch(/<(?:script|img|a)\b/);
  }
});

test('no unsafe code, no Cargo, an unknown format', async () => {
  const home = homeWith();
  const folder = freshFolder('bare');
  mkdirSync(join(folder, 'empty'));
  writeFiles(folder, { 'a.rs': 'fn a() {}\n' });
  const { stdout, status } = await command(['unsafe', folder], { home });
  expect([status, stdout]).toEqual([0, 'unsafe code in 0 of 1 file\n']);
  expect((await command(['unsafe', folder, '--format', 'sarif'], { home })).status).toBe(2);
});
