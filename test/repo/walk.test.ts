import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileStat } from '../../src/repo/file-stat.ts';
import { commitAll, git, gitInit, MIB, paths, scratch, walkPath, write } from './support.ts';

describe('what is found', () => {
  it('is every Rust file, sorted, with its stat', async () => {
    const root = scratch({
      'src/lib.rs': 'fn a() {}',
      'a.rs': '',
      'README.md': '',
      'src/.rs': '',
      'src/b.rs.bk': '',
    });
    const { files, skipped, boundaries, notices } = await walkPath(root);
    expect(files.map((file) => file.path)).toEqual(['a.rs', 'src/.rs', 'src/lib.rs']);
    expect(files[2]).toEqual({
      ...{ path: 'src/lib.rs', role: 'library' },
      ...fileStat(lstatSync(join(root, 'src/lib.rs'), { bigint: true })),
    });
    expect({ skipped, boundaries, notices }).toEqual({ skipped: [], boundaries: [], notices: [] });
  });

  it('has names with spaces, quotes, newlines, backslashes and other scripts', async () => {
    const names = [
      'a b.rs',
      '"q".rs',
      "it's.rs",
      'new\nline.rs',
      'back\\slash.rs',
      '日本.rs',
      '\ufffd.rs',
      '-rf.rs',
    ];
    const root = scratch(Object.fromEntries(names.map((name) => [`d ${name}/${name}`, ''])));
    expect(await paths(root)).toEqual(names.map((name) => `d ${name}/${name}`).sort());
  });

  it('changes its stamp with the content, the times and the inode', async () => {
    const root = scratch({ 'a.rs': '1' });
    const stamp = async () => (await walkPath(root)).files[0]?.stamp;
    const first = await stamp();
    expect(await stamp()).toBe(first);
    writeFileSync(join(root, 'a.rs'), '22');
    const second = await stamp();
    expect(second).not.toBe(first);
    execFileSync('cp', ['-p', join(root, 'a.rs'), join(root, 'b')]);
    execFileSync('mv', [join(root, 'b'), join(root, 'a.rs')]);
    expect(await stamp()).not.toBe(second);
  });

  it('goes down 300 directories, and says where a path grows too long', async () => {
    const root = scratch();
    const deep = 'd/'.repeat(300);
    write(root, { [`${deep}x.rs`]: '' });
    expect(await paths(root)).toEqual([`${deep}x.rs`]);
    // Longer than a path may be, so made step by step.
    execFileSync(
      'sh',
      ['-c', 'for i in $(seq 30); do mkdir "$0" && cd -P "$0" || exit 1; done', 'e'.repeat(200)],
      {
        cwd: root,
      },
    );
    const { files, skipped } = await walkPath(root);
    expect(files).toHaveLength(1);
    expect(skipped.map(({ reason }) => reason)).toEqual(['unreadable']);
  });
});

describe('what is left out, by name', () => {
  it('a file over the largest size', async () => {
    const root = scratch({ 'a.rs': '12345', 'b.rs': '123456' });
    const { files, skipped } = await walkPath(root, { maxFileSize: 5 });
    expect(files.map((file) => file.path)).toEqual(['a.rs']);
    expect(skipped).toEqual([{ path: 'b.rs', reason: 'too-large' }]);
  });

  it('links, to files, to directories, out of the root, in circles, broken', async () => {
    const outside = scratch({ 'secret.rs': '' });
    const root = scratch({ 'src/lib.rs': '', 'notes.txt': '' });
    symlinkSync('src/lib.rs', join(root, 'file.rs'));
    symlinkSync('src', join(root, 'folder'));
    symlinkSync('..', join(root, 'src/up'));
    symlinkSync(outside, join(root, 'out'));
    symlinkSync('gone', join(root, 'broken.rs'));
    symlinkSync('notes.txt', join(root, 'notes'));
    symlinkSync('self', join(root, 'self'));
    const { files, skipped } = await walkPath(root);
    expect(files.map((file) => file.path)).toEqual(['src/lib.rs']);
    expect(skipped).toEqual(
      ['broken.rs', 'file.rs', 'folder', 'out', 'src/up'].map((path) => ({ path, reason: 'symlink' })),
    );
  });

  it('what is no file', async () => {
    const root = scratch({ 'a.rs': '' });
    execFileSync('mkfifo', [join(root, 'pipe.rs'), join(root, '.gitignore')]);
    const { files, skipped } = await walkPath(root);
    expect(files).toHaveLength(1);
    expect(skipped).toEqual([{ path: 'pipe.rs', reason: 'not-a-file' }]);
  });

  it('names that are not UTF-8', async () => {
    const root = scratch({ 'a.rs': '', '.gitignore': '?ignored.rs\n' });
    const bytes = (text: string) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(text, 'latin1')]);
    for (const name of ['caf\xe9.rs', 'caf\xe9.txt', '\xffignored.rs']) writeFileSync(bytes(name), '');
    mkdirSync(bytes('dir\xff'));
    const { files, skipped } = await walkPath(root);
    expect(files.map((file) => file.path)).toEqual(['a.rs']);
    expect(skipped).toEqual([
      { path: 'caf\\xe9.rs', reason: 'name-not-utf8' },
      { path: 'dir\\xff', reason: 'name-not-utf8' },
    ]);
  });

  it('other repositories: nested clones, linked work trees, submodules', async () => {
    const inner = gitInit(scratch({ 'src/lib.rs': '' }));
    commitAll(inner);
    const root = gitInit(scratch({ 'a.rs': '', 'nested/b.rs': '' }));
    commitAll(root);
    gitInit(join(root, 'nested'));
    git(root, 'worktree', 'add', '-q', 'trees/other');
    git(root, 'submodule', 'add', '-q', inner, 'vendor/inner');
    const { files, boundaries } = await walkPath(root);
    expect(files.map((file) => file.path)).toEqual(['a.rs']);
    expect(boundaries).toEqual(['nested', 'trees/other', 'vendor/inner']);
  });

  it('what Cargo built, but no source that is called target', async () => {
    const tag = 'Signature: 8a477f597d28d172789f06886806bc55';
    const root = scratch({
      ...{ 'Cargo.toml': '', 'src/lib.rs': '', 'target/debug/build/x/out/gen.rs': '' },
      ...{ 'crates/a/Cargo.toml': '', 'crates/a/target/x.rs': '', 'src/target/mod.rs': '' },
      ...{ 'out/CACHEDIR.TAG': tag, 'out/.rustc_info.json': '{}', 'out/debug/gen.rs': '' },
      ...{ 'deep/target/CACHEDIR.TAG': tag, 'deep/target/gen.rs': '' },
      ...{
        'crates/target/Cargo.toml': '',
        'crates/target/src/lib.rs': '',
        'cache/CACHEDIR.TAG': tag,
        'cache/c.rs': '',
      },
    });
    const source = ['cache/c.rs', 'crates/target/src/lib.rs', 'src/lib.rs', 'src/target/mod.rs'];
    expect(await paths(root)).toEqual(source);
    gitInit(root);
    git(root, 'add', '-f', 'crates/a/target/x.rs');
    expect(await paths(root)).toEqual([...source, 'crates/a/target/x.rs'].sort());
    expect(await paths(scratch({ 'target/x.rs': '', 'a.rs': '' }))).toEqual(['a.rs']);
  });
});

describe('ignore files', () => {
  it('hold without git, nested and with negation', async () => {
    const root = scratch({
      ...{ '.gitignore': '*.gen.rs\n/build/\nb\n', 'a.rs': '', 'x.gen.rs': '', 'build/c.rs': '' },
      ...{
        'sub/.gitignore': '!keep.gen.rs\n',
        'sub/keep.gen.rs': '',
        'sub/x.gen.rs': '',
        'sub/build/d.rs': '',
      },
      // A deeper file brings back a directory, with all that is in it.
      ...{ 'in/.gitignore': '!b\n', 'in/b/e.rs': '', 'b/f.rs': '' },
    });
    expect(await paths(root)).toEqual(['a.rs', 'in/b/e.rs', 'sub/build/d.rs', 'sub/keep.gen.rs']);
  });

  it('stand in an order: own, then .gitignore, info/exclude of the common directory, the global file', async () => {
    const main = gitInit(scratch({ 'a.rs': '' }));
    commitAll(main);
    write(main, { '.git/info/exclude': 'x.rs\n!g.rs\n' });
    const linked = join(scratch(), 'linked');
    git(main, 'worktree', 'add', '-q', linked);
    write(linked, { 'x.rs': '', 'g.rs': '', 'h.rs': '', 'sub/x.rs': '', 'sub/.gitignore': '!x.rs\n' });
    const gitExcludesFile = join(scratch({ ignore: 'g.rs\nh.rs\n' }), 'ignore');
    expect(await paths(linked, { gitExcludesFile })).toEqual(['a.rs', 'g.rs', 'sub/x.rs']);
    write(linked, { '.rustassistantignore': 'a.rs\n!h.rs\n', 'sub/.rustassistantignore': '*\n' });
    expect(await paths(linked, { gitExcludesFile })).toEqual(['g.rs', 'h.rs']);
  });

  it('do not hide what git tracks, in each format of its index', async () => {
    const root = gitInit(scratch({ '.gitignore': '/gen/\n*.out.rs\n', 'gen/deep/a.rs': '', 'gen/b.rs': '' }));
    write(root, { 'c.out.rs': '', 'd.out.rs': '', 'gen/deep/e.rs': '', 'f.rs': '' });
    git(root, 'add', '-f', 'gen/deep/a.rs', 'c.out.rs');
    writeFileSync(Buffer.from(`${root}/gen/\xff.rs`, 'latin1'), '');
    const found = ['c.out.rs', 'f.rs', 'gen/deep/a.rs'];
    for (const change of [['--index-version', '2'], ['--index-version', '4'], ['--split-index']]) {
      git(root, 'update-index', ...change);
      expect(await paths(root), change.join(' ')).toEqual(found);
    }
    git(root, 'add', '-f', '-N', 'd.out.rs');
    const { files, skipped } = await walkPath(root);
    expect(files.map(({ path }) => path)).toEqual([...found, 'd.out.rs'].sort());
    expect(skipped).toEqual([]);
    write(root, { '.rustassistantignore': 'gen\n' });
    expect(await paths(root)).toEqual(['c.out.rs', 'd.out.rs', 'f.rs']);
  });

  it('are followed through no link, and one that cannot be read is named', async () => {
    const root = scratch({
      'a.rs': '',
      patterns: '*.rs\n',
      'sub/b.rs': '',
      'sub/.gitignore': 'x'.repeat(MIB + 1),
    });
    symlinkSync('patterns', join(root, '.gitignore'));
    const { files, notices } = await walkPath(root);
    expect(files).toHaveLength(2);
    expect(notices.map(({ code }) => code)).toEqual(['ignore-file-unread']);
  });

  it('leave an index that is damaged to a notice', async () => {
    const root = gitInit(scratch({ '.gitignore': 'a.rs\n', 'a.rs': '', 'b.rs': '' }));
    git(root, 'add', '-f', 'a.rs');
    writeFileSync(join(root, '.git/index'), 'DIRC\0\0\0\x02\0\0\0\x05garbage');
    const { files, notices } = await walkPath(root);
    expect(files.map((file) => file.path)).toEqual(['b.rs']);
    expect(notices.map(({ code }) => code)).toEqual(['git-index-unread']);
  });
});

describe('an argument inside the root', () => {
  it('narrows the walk, under the same ignore files and packages', async () => {
    const root = gitInit(
      scratch({
        ...{ '.gitignore': '*.gen.rs\n', 'Cargo.toml': '[package]\n', 'src/lib.rs': '', 'a.rs': '' },
        ...{ 'src/in/b.rs': '', 'src/in/b.gen.rs': '', 'tests/in/c.rs': '' },
      }),
    );
    expect(await paths(join(root, 'src/in'))).toEqual(['src/in/b.rs']);
    expect(await paths(join(root, 'src/lib.rs'))).toEqual(['src/lib.rs']);
    expect((await walkPath(join(root, 'tests/in'))).files).toMatchObject([
      { path: 'tests/in/c.rs', role: 'test' },
    ]);
    expect(await paths(root, { prefix: 'src' })).toEqual(['src/in/b.rs', 'src/lib.rs']);
  });

  it.each([
    ['ignored', 'gen/a.rs', /gen\/a\.rs is left out: it is ignored/],
    ['built', 'target/debug', /target\/debug is left out: it is what Cargo built/],
    ['no Rust', 'README.md', /README\.md is left out: it is no Rust source file/],
  ])('is named where it is %s', async (_name, argument, message) => {
    const files = {
      '.gitignore': '/gen\n',
      'gen/a.rs': '',
      'target/debug/x.rs': '',
      'README.md': '',
      'b.rs': '',
    };
    const root = gitInit(scratch(files));
    const { files: found, notices } = await walkPath(join(root, argument));
    expect(found).toEqual([]);
    expect(notices.map(({ code }) => code)).toEqual(['argument-left-out']);
    expect(notices[0]?.message).toMatch(message);
  });
});
