import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './git.ts';
import type { GitOptions } from './git.ts';
import { readText } from './git-dir.ts';
import type { Root } from './root.ts';

/** A symbolic ref may name another; git stops at five as well. */
const DEPTH = 5;
const COMMIT = /^(?:[0-9a-f]{64}|[0-9a-f]{40})$/;

/**
 * The commit that is checked out, in hex; null outside git and before the first commit. Reads HEAD and the
 * ref itself; only refs in the `reftable` format cost a git process (ExternalError as in `git`).
 */
export async function headCommit(root: Root, options: GitOptions): Promise<string | null> {
  const { gitDir, gitCommonDir } = root;
  if (gitDir === null || gitCommonDir === null) return null;
  if (existsSync(join(gitCommonDir, 'reftable'))) {
    const answer = await git(root, ['rev-parse', '--verify', '--quiet', 'HEAD'], {
      ...options,
      accept: [0, 1],
    });
    return commit(answer.toString('utf8'));
  }
  let text = readText(join(gitDir, 'HEAD'));
  for (let step = 0; step < DEPTH && text?.startsWith('ref:'); step += 1) {
    const name = text.slice(4).trim();
    if (!isRefName(name)) return null;
    text = readText(join(gitDir, name)) ?? readText(join(gitCommonDir, name)) ?? packed(gitCommonDir, name);
  }
  return commit(text ?? '');
}

function commit(text: string): string | null {
  const id = text.trim();
  return COMMIT.test(id) ? id : null;
}

/** A ref's name becomes a path: one that leaves the git directory is not read. */
function isRefName(name: string): boolean {
  return name.startsWith('refs/') && !name.split('/').includes('..');
}

function packed(commonDir: string, name: string): string | undefined {
  const path = join(commonDir, 'packed-refs');
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  const text = readText(path) ?? '';
  const at = text.indexOf(` ${name}\n`);
  return at === -1 ? undefined : text.slice(text.lastIndexOf('\n', at) + 1, at);
}
