import { byteSize, counted } from '../util/numbers.ts';
import { printable } from '../util/printable.ts';
import { table } from './table.ts';

/** A repository that `--all` means. */
export interface TrackedReport {
  /** sha256 of the canonical root. */
  readonly id: string;
  readonly path: string;
  /** ISO 8601, UTC. */
  readonly added: string;
  /** False where nothing is at its path any more. */
  readonly there: boolean;
  /** When it was last analysed whole and something had changed; null before. */
  readonly lastSync: string | null;
  /** What is stored of it; its paid answers are not in it. */
  readonly bytes: number;
}

/** What `repo …` prints; its JSON is the contract of `schemas/repo.schema.json`. */
export interface RepoReport {
  readonly schemaVersion: number;
  /** Roots that this command changed: by `add` those that are new, by `remove` those that are gone. */
  readonly changed: readonly string[];
  /** By path. */
  readonly repositories: readonly TrackedReport[];
}

/** The tracked repositories, one a line. */
export async function listText({ repositories }: RepoReport): Promise<string> {
  if (repositories.length === 0)
    return 'No repository is tracked. Add some: rustassistant repo add --recursive ~/code\n';
  const rows = repositories.map(({ path, there, lastSync, bytes }) => [
    printable(path),
    bytes === 0 ? '' : byteSize(bytes),
    there ? (lastSync?.slice(0, 10) ?? 'never analysed') : 'not there any more',
  ]);
  return `${(await table(rows, ['left', 'right', 'left'])).join('\n')}\n`;
}

/** What `add` or `remove` did. */
export function changedText({ changed, repositories }: RepoReport, done: 'added' | 'removed'): string {
  const lines = changed.map((path) => `${done} ${printable(path)}\n`);
  const none = done === 'added' && changed.length === 0 ? 'nothing new; ' : '';
  return `${lines.join('')}${none}${counted(repositories.length, 'repository', 'repositories')} tracked\n`;
}
