import { describe, expect, it } from 'vitest';
import { readTargets } from '../../src/repo/manifest.ts';
import { scratch, walkPath } from './support.ts';

async function roles(files: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const { files: found, notices } = await walkPath(scratch(files));
  expect(notices).toEqual([]);
  return Object.fromEntries(found.map(({ path, role }) => [path, role]));
}

/** `expected`: path → role; the manifest stands beside them. */
async function check(manifest: string, expected: Readonly<Record<string, string>>): Promise<void> {
  const empty = Object.fromEntries(Object.keys(expected).map((path) => [path, '']));
  expect(await roles({ 'Cargo.toml': manifest, ...empty })).toEqual(expected);
}

describe('roles', () => {
  it("follow Cargo's layout", async () => {
    await check('[package]\nname = "a"\n', {
      ...{
        'src/lib.rs': 'library',
        'src/net/mod.rs': 'library',
        'src/main.rs': 'binary',
        'src/bin/x.rs': 'binary',
      },
      ...{ 'src/bin/y/main.rs': 'binary', 'src/bin/y/help.rs': 'binary', 'build.rs': 'build' },
      ...{ 'build/tables.rs': 'build', 'build_tables.rs': 'build', 'src/build/tables.rs': 'library' },
      ...{
        'tests/a.rs': 'test',
        'tests/common/mod.rs': 'test',
        'benches/a.rs': 'bench',
        'examples/a/b.rs': 'example',
      },
      ...{ 'src/examples/mod.rs': 'library', 'src/build.rs': 'library', 'docs/examples/x.rs': 'example' },
    });
  });

  it('give the modules of a package without a library to its binary', async () => {
    await check('[package]\nname = "a"\n', { 'src/main.rs': 'binary', 'src/net.rs': 'binary' });
    await check('', { 'main.rs': 'binary', 'other.rs': 'library' });
  });

  it('know modules of tests by their names', async () => {
    await check('[package]\nname = "a"\n', {
      ...{
        'src/lib.rs': 'library',
        'src/tests.rs': 'test',
        'src/a/tests/b.rs': 'test',
        'src/parse_tests.rs': 'test',
      },
      ...{ 'src/test.rs': 'library', 'src/latests.rs': 'library', 'src/contest.rs': 'library' },
    });
  });

  it('hold without a manifest', async () => {
    const files = { 'src/lib.rs': '', 'tests/t.rs': '', 'build.rs': '', 'loose.rs': '' };
    expect(await roles(files)).toEqual({
      ...{ 'src/lib.rs': 'library', 'tests/t.rs': 'test', 'build.rs': 'build', 'loose.rs': 'library' },
    });
  });

  it('are those of the nearest package, unless it stands among tests or examples', async () => {
    const found = await roles({
      ...{ 'Cargo.toml': '[workspace]\n', 'crates/a/Cargo.toml': '', 'crates/a/src/lib.rs': '' },
      ...{
        'crates/a/build.rs': '',
        'crates/a/tests/fixture/Cargo.toml': '',
        'crates/a/tests/fixture/src/lib.rs': '',
        'crates/a/tests/fixture/inner/Cargo.toml': '',
        'crates/a/tests/fixture/inner/src/lib.rs': '',
      },
      ...{ 'examples/hello/Cargo.toml': '', 'examples/hello/src/main.rs': '', 'tests.d/Cargo.toml': '' },
      ...{ 'tests.d/src/lib.rs': '', 'crates/cli/Cargo.toml': '', 'crates/cli/src/main.rs': '' },
    });
    expect(found).toEqual({
      ...{
        'crates/a/src/lib.rs': 'library',
        'crates/a/build.rs': 'build',
        'crates/cli/src/main.rs': 'binary',
      },
      ...{ 'crates/a/tests/fixture/src/lib.rs': 'test', 'examples/hello/src/main.rs': 'example' },
      ...{ 'crates/a/tests/fixture/inner/src/lib.rs': 'test' },
      ...{ 'tests.d/src/lib.rs': 'library' },
    });
  });

  it('follow the paths that the manifest gives', async () => {
    const manifest = `
      [package]
      name = "a"
      build = "build/main.rs"
      description = """
[lib]
path = "trap.rs"
"""
      [lib]
      path = "lib.rs"
      [[bin]]
      name = "tool"
      path = "cli/main.rs" # not src
      [[test]]
      name = "all"
      path = './check/all.rs'
      [[example]]
      name = "one"
      path = "src/one.rs"
      [dependencies.b]
      path = "../b"`;
    await check(manifest, {
      ...{ 'lib.rs': 'library', 'net.rs': 'library', 'trap.rs': 'library', 'cli/main.rs': 'binary' },
      ...{
        'cli/args.rs': 'binary',
        'check/all.rs': 'test',
        'check/help.rs': 'test',
        'src/one.rs': 'example',
      },
      ...{ 'src/two.rs': 'library', 'build/main.rs': 'build', 'build/gen.rs': 'build' },
    });
  });

  it('leave the modules of a shared directory to the library', async () => {
    await check('[lib]\npath = "core/lib.rs"\n[[bin]]\nname = "x"\npath = "core/main.rs"\n', {
      ...{ 'core/lib.rs': 'library', 'core/main.rs': 'binary', 'core/net.rs': 'library' },
    });
  });

  it('follow a manifest that only a TOML parser can read', async () => {
    await check('lib.path = "core.rs"\nbin = [{ name = "x", path = "x/main.rs" }]\n', {
      ...{ 'core.rs': 'library', 'x/main.rs': 'binary', 'src/a.rs': 'library' },
    });
  });

  it('fall back to the paths where the manifest is broken, and say so', async () => {
    const root = scratch({ 'a b/Cargo.toml': '[lib]\npath = "src\\u002flib.rs\n', 'a b/src/lib.rs': '' });
    const { files, notices } = await walkPath(root);
    expect(files).toMatchObject([{ path: 'a b/src/lib.rs', role: 'library' }]);
    expect(notices).toMatchObject([{ code: 'manifest-invalid' }]);
    expect(notices[0]?.message).toMatch(/^a b\/Cargo\.toml is not valid \(/);
  });
});

it.each([
  ['a plain text', '[[bin]]\npath = "a.rs"\n'],
  ['an escape', '[[bin]]\npath = "\\u0061.rs"\n'],
  ['an inline table', 'bin = [{ path = "a.rs" }]\n'],
  ['a literal string', "[ [bin] ]\npath = 'a.rs'\n".replace('[ [bin] ]', '[[ bin ]]')],
])('readTargets reads %s', async (_name, text) => {
  expect(await readTargets(text)).toEqual({
    ...{ library: null, build: null, others: [{ path: 'a.rs', role: 'binary' }] },
  });
});
