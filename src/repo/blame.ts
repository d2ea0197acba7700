import type { GitOptions } from './git.ts';
import { git } from './git.ts';
import { neutralFilters, shallowEnds } from './history.ts';
import type { Root } from './root.ts';

/** `<commit> <line then> <line now>[ <lines>]` begins what is told of a line (git-blame(1), "THE PORCELAIN FORMAT"). */
const HEAD = /^([0-9a-f]{40}|[0-9a-f]{64}) \d+ (\d+)/;
const NOT_COMMITTED = /^0+$/;

/** When lines of a file were written, as far as the history tells. Nobody's name is asked for. */
export type LineTimes = ReadonlyMap<number, number | null>;

export interface Blame {
  /**
   * Line → milliseconds since the epoch; null for what is not committed, and for what stood there already where a shallow
   * clone's history begins. Throws ExternalError as in `git`, `git-failed` also for a file
   * that git does not know.
   */
  linesOf(path: string, lines: readonly number[]): Promise<LineTimes>;
}

export async function openBlame(root: Root, options: GitOptions): Promise<Blame> {
  const filters = await neutralFilters(root, options);
  const ends = shallowEnds(root);
  return {
    async linesOf(path, lines) {
      const wanted = [...new Set(lines)].flatMap((line) => ['-L', `${line},${line}`]);
      const args = [...filters, 'blame', '--porcelain', '--no-textconv', ...wanted, '--', path];
      return readTimes((await git(root, args, options)).toString('utf8'), ends);
    },
  };
}

function readTimes(output: string, ends: ReadonlySet<string>): LineTimes {
  const written = new Map<string, number>();
  const commits = new Map<number, string>();
  let commit = '';
  for (const line of output.split('\n')) {
    // A line's own text stands behind a tab.
    if (line.startsWith('\t')) continue;
    const [, id, now] = HEAD.exec(line) ?? [];
    if (id !== undefined) {
      commit = id;
      commits.set(Number(now), id);
    } else if (line.startsWith('author-time ')) written.set(commit, Number(line.slice(12)) * 1000);
  }
  const timeOf = (id: string): number | null =>
    NOT_COMMITTED.test(id) || ends.has(id) ? null : (written.get(id) ?? null);
  return new Map([...commits].map(([line, id]) => [line, timeOf(id)]));
}
