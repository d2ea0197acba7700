/**
 * Indexes (with vectors, by a toy model) on disks that are too small, and looks at what is said and left; needs the right
 * to mount (root on Linux):
 *   tsx scripts/full-disk.ts [--sizes 0.3,0.5,0.7,0.8,0.9,1,1.1,1.2,1.3,1.5,1.7,2,3]
 *
 * For each size in MB, on a tmpfs: `index`, `search`, edits, `index`. Each ends well or with one clear line; a search
 * that answers says what it could not do. Then the disk grows, and `index` brings all in order.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { SearchReport } from '../src/report/search-model.ts';
import { rustassistant } from '../test/support/cli.ts';
import { compared, modelIdOf, placeOf } from '../test/support/indexed.ts';
import { homeWithToy, writeTree } from '../test/support/killed-index.ts';

const { values: flags } = parseArgs({
  options: { sizes: { type: 'string', default: '0.3,0.5,0.7,0.8,0.9,1,1.1,1.2,1.3,1.5,1.7,2,3' } },
});

const ENV = { RUSTASSISTANT_EMBEDDING_MODEL: 'toy' };
const CLEAR = new Set(['disk-full', 'database-io']);

function mount(...args: string[]): void {
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`no tmpfs can be mounted here: ${stderr}`);
}

/** What a command said: `ok`, its error's code, or its notices' codes. Throws where that is not clear. */
async function said(home: string, args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await rustassistant(home, [...args, '--json'], { env: ENV });
  const body = JSON.parse(stdout === '' ? '{}' : stdout) as {
    readonly error?: { readonly code: string };
    readonly notices?: SearchReport['notices'];
  };
  const { error, notices = [] } = body;
  if (error !== undefined) {
    if (!CLEAR.has(error.code)) throw new Error(`${args.join(' ')}: ${stdout}`);
    return error.code;
  }
  if (status !== 0 || stderr !== '')
    throw new Error(`${args.join(' ')}: status ${status}, ${stdout}${stderr}`);
  return notices.length === 0 ? 'ok' : notices.map(({ code }) => code).join(',');
}

async function trial(work: string, megabytes: number): Promise<string> {
  const home = join(work, 'home');
  const folder = join(work, 'tree');
  mkdirSync(home);
  const size = `size=${Math.round(megabytes * 1024)}k`;
  mount('-o', size, 'tmpfs', home);
  try {
    writeTree(folder, 'first');
    const ra = await homeWithToy(home);
    const search = ['search', 'count words', '--repo', folder];
    const small = [await said(home, ['index', folder]), await said(home, search)];
    writeTree(folder, 'second');
    small.push(await said(home, ['index', folder]), await said(home, search));
    mount('-o', 'remount,size=64m', 'tmpfs', home);
    const large = [await said(home, ['index', folder]), await said(home, search)];
    const { chunks, vectors, faults } = await compared(ra, placeOf(ra), modelIdOf(ra, 'toy'));
    const inOrder = large.every((word) => word === 'ok') && faults === 0 && chunks === vectors;
    if (!inOrder) throw new Error(`then ${large.join(', ')}: ${chunks} chunks, ${vectors} vectors`);
    return `${small.join(' | ')}; then all ${chunks} in order`;
  } finally {
    spawnSync('umount', [home]);
    for (const path of [home, folder]) rmSync(path, { recursive: true, force: true });
  }
}

const work = realpathSync(mkdtempSync(join(tmpdir(), 'rustassistant-full-disk-')));
try {
  for (const megabytes of flags.sizes.split(',').map(Number)) {
    try {
      console.log(`${megabytes} MB: ${await trial(work, megabytes)}`);
    } catch (error) {
      process.exitCode = 1;
      console.log(`${megabytes} MB: FAILED: ${(error as Error).message}`);
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
