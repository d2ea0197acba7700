import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { discoverRoot } from '../../src/repo/root.ts';
import { walk } from '../../src/repo/walk.ts';
import { gitEnv, MIB } from './support.ts';

// Few names, so that patterns meet them; among them some that must be escaped in a pattern.
const NAMES = ['a', 'b', 'ab', 'A', 'a b', 'é', '[x]', 'x', '#c', '!d', '*', '\\e', ' f', 'g '];

const atom = fc.constantFrom(
  ...[
    'a',
    'b',
    'ab',
    'x',
    'A',
    'é',
    '.rs',
    '.',
    'a b',
    'g ',
    ' f',
    '#c',
    '!d',
    '*',
    '**',
    '***',
    '?',
    '\\*',
    '\\ ',
  ],
  ...[
    '[ab]',
    '[!a]',
    '[^b]',
    '[a-c]',
    '[A-B]',
    '[]a]',
    '[!]a]',
    '[\\]x]',
    '[a\\-c]',
    '\\[x\\]',
    '\\\\e',
    '\\a',
    '[x',
    '[a-',
  ],
  ...['[[:alpha:]]', '[[:upper:]x]', '[[:none:]]', '[[:a]', '/', '/'],
);
const built = fc
  .tuple(
    fc.constantFrom('', '', '', '!', '\\', '/', '!/'),
    fc.array(atom, { minLength: 1, maxLength: 5 }),
    fc.constantFrom('', '', '', '/', ' ', '  ', '\\ ', '\t', '\r', '\\'),
  )
  .map(([head, atoms, tail]) => head + atoms.join('') + tail);
const common = fc.constantFrom(
  ...[
    '*.rs',
    '!*.rs',
    '*',
    '!*',
    '/*',
    '*/',
    '!*/',
    '**',
    'a',
    '!a',
    'b',
    '!b',
    '/a',
    'a/',
    '!a/',
    'a/**',
    '!a/**',
  ],
  ...['**/a', 'a/**/b', 'a/b**/a.rs', '**/*.rs', '**\\/a', '!**/', 'a/*', '!a/b', '# a', ''],
);
const patterns = fc
  .array(fc.oneof(common, built), { minLength: 1, maxLength: 4 })
  .chain((lines) => fc.constantFrom('\n', '\n', '\r\n').map((end) => lines.join(end)));

interface Folder {
  readonly ignore: string | null;
  readonly files: readonly string[];
  readonly folders: readonly (readonly [string, Folder])[];
}
const name = fc.constantFrom(...NAMES);
const { folder } = fc.letrec<{ folder: Folder }>((tie) => ({
  folder: fc.record({
    ignore: fc.option(patterns, { freq: 2 }),
    files: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
    folders: fc.oneof(
      { maxDepth: 3, depthSize: 'medium' },
      fc.constant([]),
      fc.uniqueArray(fc.tuple(name, tie('folder')), { minLength: 1, maxLength: 3, selector: ([own]) => own }),
    ),
  }),
}));

function build(directory: string, { ignore, files, folders }: Folder): string[] {
  mkdirSync(directory, { recursive: true });
  if (ignore !== null) writeFileSync(join(directory, '.gitignore'), ignore);
  for (const file of files) writeFileSync(join(directory, `${file}.rs`), '');
  const below = folders.flatMap(([own, inner]) =>
    build(join(directory, own), inner).map((path) => `${own}/${path}`),
  );
  return [...files.map((file) => `${file}.rs`), ...below];
}

it('the walk finds what `git ls-files -co --exclude-standard` lists', async () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'repo-walk-')));
  const env = gitEnv(join(base, 'home'));
  const tree = fc.record({
    root: folder,
    exclude: fc.option(patterns),
    global: fc.option(patterns),
    // Which of the files git tracks: a share of them, in tenths.
    tracked: fc.constantFrom(0, 0, 3, 10),
    version: fc.constantFrom('2', '4'),
  });
  mkdirSync(join(base, 'blank/.git/info'), { recursive: true });
  execFileSync('git', ['init', '-q', '--template=', join(base, 'blank')], { env });
  try {
    await fc.assert(
      fc.asyncProperty(tree, async ({ root, exclude, global, tracked, version }) => {
        const directory = mkdtempSync(join(base, 'tree-'));
        const git = (...args: string[]) =>
          execFileSync('git', args, { cwd: directory, env, encoding: 'utf8' });
        const files = build(directory, root);
        cpSync(join(base, 'blank'), directory, { recursive: true });
        if (exclude !== null) writeFileSync(join(directory, '.git/info/exclude'), exclude);
        const gitExcludesFile = join(base, 'excludes');
        writeFileSync(gitExcludesFile, global ?? '');
        const added = files.filter((_, at) => (at * 7) % 10 < tracked).map((path) => `:(literal)${path}`);
        if (added.length > 0) {
          git('add', '-f', '--', ...added);
          git('update-index', '--index-version', version);
        }
        const list = ['ls-files', '-co', '--exclude-standard', '-z', '--', '*.rs'];
        const listed = git('-c', `core.excludesFile=${gitExcludesFile}`, ...list)
          .split('\0')
          .filter((path) => path !== '');
        const { files: found, notices } = await walk(discoverRoot(directory), {
          maxFileSize: MIB,
          gitExcludesFile,
        });
        rmSync(directory, { recursive: true });
        expect(found.map(({ path }) => path)).toEqual([...new Set(listed)].sort());
        expect(notices).toEqual([]);
      }),
      { numRuns: 50 },
    );
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}, 120_000);
