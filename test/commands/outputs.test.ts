import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, freshFolder, git, writeFiles } from '../support/cli.ts';
import { gitlabErrors, sarifErrors, workflowCommand } from '../support/formats.ts';
import { command, homeWith } from './support.ts';

const CODE =
  'static mut COUNT: u64 = 0;\r\n\r\npub fn double(text: &str) -> u64 {\r\n    text.parse::<u64>().unwrap() * 2\r\n}\r\n';

function repository(): string {
  const folder = folderWith({ 'crates/größe #1/src/lib.rs': CODE });
  git(folder, 'init', '-q');
  return folder;
}

const uriIn = (log: string): unknown =>
  (
    JSON.parse(log) as {
      runs: { results: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[];
    }
  ).runs[0]?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri;

describe('several reports of one run', () => {
  test('annotations on stdout, SARIF, GitLab and Markdown in files', async () => {
    const folder = repository();
    const out = freshFolder('out');
    const also = (format: string, name: string) => ['--also', `${format}=${join(out, name)}`];
    const ran = await command(
      [
        ...['analyze', folder, '--format', 'github', '--fail-on', 'high'],
        ...[...also('sarif', 'a=b.sarif'), ...also('gitlab', 'gl.json'), ...also('markdown', 'comment.md')],
      ],
      { home: homeWith() },
    );
    expect(ran.status).toBe(1);
    const [first] = ran.stdout.split('\n');
    expect(workflowCommand(first ?? '')).toMatchObject({
      command: 'error',
      properties: { file: 'crates/größe #1/src/lib.rs', line: '1' },
    });
    const read = (name: string) => readFileSync(join(out, name), 'utf8');
    expect(sarifErrors(JSON.parse(read('a=b.sarif')))).toEqual([]);
    expect(uriIn(read('a=b.sarif'))).toBe('crates/gr%C3%B6%C3%9Fe%20%231/src/lib.rs');
    expect(gitlabErrors(JSON.parse(read('gl.json')))).toEqual([]);
    expect(read('comment.md')).toMatch(/^<!-- rustassistant -->\n/);
  });

  test('URIs are relative to the top level, wherever it is run and whatever is named', async () => {
    const folder = repository();
    const home = homeWith();
    const cwd = join(folder, 'crates/größe #1');
    const inside = await command(['analyze', 'src', '--format', 'sarif'], { home, cwd });
    const whole = await command(['analyze', '.', '--format', 'sarif'], { home, cwd: folder });
    expect(uriIn(inside.stdout)).toBe('crates/gr%C3%B6%C3%9Fe%20%231/src/lib.rs');
    expect(inside.stdout).not.toContain(folder);
    const results = (log: string) => (JSON.parse(log) as { runs: { results: unknown }[] }).runs[0]?.results;
    expect(results(inside.stdout)).toEqual(results(whole.stdout));
  });

  test('of packages below the top level, paths begin at the top level in every form', async () => {
    const folder = freshFolder('mono');
    writeFiles(folder, {
      'services/api/Cargo.toml': '[package]\nname = "api"\nversion = "0.1.0"\n',
      'services/api/src/lib.rs': 'static mut A: u8 = 0;\n',
    });
    git(folder, 'init', '-q');
    const cwd = join(folder, 'services/api/src');
    const at = { home: homeWith(), cwd };
    const shown = async (format: string) => (await command(['analyze', '..', '--format', format], at)).stdout;
    const path = 'services/api/src/lib.rs';
    expect(uriIn(await shown('sarif'))).toBe(path);
    expect(workflowCommand((await shown('github')).split('\n')[0] ?? '')?.properties['file']).toBe(path);
    expect(await shown('gitlab')).toContain(`"path":"${path}"`);
    expect(await shown('markdown')).toContain(`<code>${path}:1</code>`);
    // Where it is clicked on, a path is one from here.
    expect(await shown('short')).toMatch(/^lib\.rs:1:1: /);
  });

  test('several repositories are a run each, their URIs relative to their own top level', async () => {
    const folders = [repository(), folderWith({ 'src/main.rs': 'static mut A: u8 = 0;\n' })];
    const { stdout } = await command(['analyze', ...folders, '--format', 'sarif'], { home: homeWith() });
    const log = JSON.parse(stdout) as { runs: unknown[] };
    expect(sarifErrors(log)).toEqual([]);
    const uris = log.runs.map((run) => uriIn(JSON.stringify({ runs: [run] })));
    expect(uris).toEqual(['crates/gr%C3%B6%C3%9Fe%20%231/src/lib.rs', 'src/main.rs']);
  });

  test('each form shows what its readers want, unless --severity says so', async () => {
    const folder = folderWith({
      'src/lib.rs': 'pub fn a(x: &str) -> u8 {\n    x.parse().unwrap()\n}\n// TODO: b\n',
    });
    const home = homeWith();
    const sarif = join(freshFolder('out'), 's');
    const run = (...more: string[]) =>
      command(['analyze', folder, '--format', 'github', '--also', `sarif=${sarif}`, ...more], { home });
    await run('--severity', 'critical');
    expect(uriIn(readFileSync(sarif, 'utf8'))).toBeUndefined();
    await run();
    expect(uriIn(readFileSync(sarif, 'utf8'))).toBe('src/lib.rs');
  });
});

test('a report that cannot be written is named, and no file that only stood in for it', async () => {
  const folder = repository();
  const home = homeWith();
  const out = freshFolder('out');
  const missing = join(out, 'none', 'r.json');
  for (const [words, told] of [
    [['--also', `json=${missing}`], `${missing}: ENOENT: no such file or directory`],
    [['-o', out], `${out}: EISDIR: illegal operation on a directory`],
    [['-o', '/dev/full'], '/dev/full: ENOSPC: no space left on device'],
  ] as const) {
    const { status, stderr } = await command(['analyze', folder, ...words], { home });
    expect([status, stderr]).toEqual([
      2,
      `error: the report cannot be written to ${told}\nName another file. Nothing that was analysed is lost, or paid for again.\n`,
    ]);
  }
  expect((await command(['unsafe', folder, '-o', ''], { home })).status).toBe(2);
  const whole = join(out, 'whole.txt');
  const both = ['--format', 'short', '-o', whole, '--also', `json=${missing}`];
  expect((await command(['analyze', folder, ...both], { home })).status).toBe(2);
  expect(readFileSync(whole, 'utf8')).not.toBe('');
});

test('what a shell holds open is written into, not replaced', () => {
  const [folder, home] = [repository(), homeWith()];
  const log = join(freshFolder('out'), 'log');
  const program = join(import.meta.dirname, '..', '..', 'dist', 'rustassistant.mjs');
  const env = { PATH: process.env['PATH'], HOME: home, RUSTASSISTANT_HOME: home };
  for (const name of ['/dev/stdout', '/dev/fd/3', '/proc/self/fd/3']) {
    const run = `"${process.execPath}" "${program}" analyze "${folder}" -q --format short -o ${name}`;
    execFileSync('sh', ['-c', `exec >>"${log}" 3>&1; echo before; ${run}; echo after`], { env });
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    expect([lines[0], lines.at(-1)], name).toEqual(['before', 'after']);
    expect(lines[1]).toContain('static-mut');
    rmSync(log);
  }
});

describe('a mistake is told before anything is done', () => {
  test.each([
    [['--also', 'sarif'], 'error: --also takes no "sarif"\n'],
    [['--also', 'sarif='], 'error: --also takes no "sarif="\n'],
    [['--also', 'sarif=-'], 'error: --also takes no "sarif=-"\n'],
    [['--also', 'odd=x'], 'error: --also takes no "odd=x"\n'],
    [['--also', 'sarif=x', '-o', 'x'], 'error: x is to hold two reports\n'],
    [['--also', 'sarif=./x', '-o', 'x'], 'error: x is to hold two reports\n'],
    [
      ['--format', 'github', 'other'],
      'error: the format "github" is about one repository, and these are 2\n',
    ],
    [['-o', ''], 'error: --output names no file\n'],
    [['--since', ''], 'error: --since names no commit\n'],
    [['--dry-run', '--since', ''], 'error: --since names no commit\n'],
    [['--dry-run', '--also', 'sarif=x'], 'error: there is no format "sarif" for a plan\n'],
    [['--dry-run', '--format', 'github'], 'error: there is no format "github" for a plan\n'],
  ])('%j', async (words, message) => {
    const home = homeWith();
    const cwd = folderWith({ 'src/lib.rs': '', 'other/.git/HEAD': 'ref: refs/heads/main\n' });
    const { status, stdout, stderr } = await command(['analyze', '.', ...words], { home, cwd });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(existsSync(join(cwd, 'x'))).toBe(false);
  });
});
