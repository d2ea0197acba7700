import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ReadDismissals } from '../cache/dismissals.ts';
import { readDismissals, writeDismissals } from '../cache/dismissals.ts';
import { systemCode, UserError } from '../errors.ts';
import type { Dismissal } from '../types/finding.ts';
import type { Layout } from './layout.ts';

/** Where this home keeps what was dismissed in a repository: beside the cache, for nobody can make it again. */
export function dismissalsFile({ home }: Pick<Layout, 'home'>, owner: string): string {
  return join(home, 'dismissals', `${owner}.jsonl`);
}

/** What the file holds; nothing where there is none. */
export function loadDismissals(path: string): ReadDismissals {
  try {
    return readDismissals(readFileSync(path, 'utf8'));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { dismissals: [], refused: [] };
    throw error;
  }
}

/**
 * Writes what `change` makes of the file's dismissals, whole or not at all; of two processes one waits. Throws UserError
 * `dismissals-damaged` where a line of it would be lost by that.
 */
export async function changeDismissals(
  path: string,
  change: (dismissals: readonly Dismissal[]) => readonly Dismissal[],
): Promise<void> {
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await inTurn(path, async () => {
    const { dismissals, refused } = loadDismissals(path);
    requireWhole(path, refused);
    await writeFileAtomic(path, writeDismissals(change(dismissals)), { mode: 0o600 });
  });
}

/** Does the work while no other process does it for the same path, which need not exist. */
export async function inTurn<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const { lock } = await import('proper-lockfile');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const retries = { retries: 50, minTimeout: 20, maxTimeout: 200 };
  const release = await lock(path, { realpath: false, retries });
  try {
    return await work();
  } finally {
    await release();
  }
}

/** What cannot be read would be lost by writing. */
export function requireWhole(path: string, refused: readonly number[]): void {
  if (refused.length === 0) return;
  const message = `${path} holds a line that is no dismissal (line ${refused[0]})`;
  throw new UserError('dismissals-damaged', message, 'Mend or remove that line, then try again.');
}
