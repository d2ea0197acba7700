import { messageOf } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { Blame, LineTimes } from '../../repo/blame.ts';
import { openBlame } from '../../repo/blame.ts';
import type { Root } from '../../repo/root.ts';
import type { AgedTodo } from '../../report/overview-model.ts';
import type { Notice } from '../../types/run.ts';
import type { Todo } from '../../types/syntax.ts';
import { counted } from '../../util/numbers.ts';
import { byPath } from '../../util/order.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Git reads a file's whole history for it: who waits for a report does not wait for the last of a thousand files. */
const PATIENCE_MS = 20_000;
const AT_ONCE = 2;

export interface FileTodos {
  readonly path: string;
  readonly todos: readonly Todo[];
}

/** What the comments put off, with its age where the history tells; the oldest first, then what has none. */
export async function agedTodos(
  host: Host,
  root: Root,
  files: readonly FileTodos[],
  notices: Notice[],
): Promise<AgedTodo[]> {
  const some = files.filter(({ todos }) => todos.length > 0);
  const blame = some.length === 0 || root.kind !== 'git' ? null : await opened(host, root, notices);
  const aged: AgedTodo[] = [];
  const failed: string[] = [];
  const until = host.now() + PATIENCE_MS;
  let left = 0;
  const waiting = [...some];
  const lane = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const late = host.now() > until || host.signal.aborted;
      if (late && blame !== null) left += 1;
      aged.push(...(await withAges(host, late ? null : blame, file, failed)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const [why] = failed;
  if (why !== undefined) notices.push({ code: 'git-failed', message: unknownAges(failed.length, why) });
  if (left > 0) notices.push({ code: 'ages-left-out', message: leftOut(left) });
  return aged.sort((a, b) => (b.days ?? -1) - (a.days ?? -1) || byPath(a, b) || a.line - b.line);
}

async function opened(host: Host, root: Root, notices: Notice[]): Promise<Blame | null> {
  try {
    return await openBlame(root, { env: host.env });
  } catch (error) {
    notices.push({ code: 'git-failed', message: `how old the TODOs are is unknown: ${messageOf(error)}` });
    return null;
  }
}

/** Of a file that is not committed yet nothing is known; why else is put to `failed`. */
async function withAges(
  host: Host,
  blame: Blame | null,
  { path, todos }: FileTodos,
  failed: string[],
): Promise<AgedTodo[]> {
  let times: LineTimes = new Map();
  try {
    if (blame !== null)
      times = await blame.linesOf(
        path,
        todos.map(({ line }) => line),
      );
  } catch (error) {
    if (!/no such path/.test(messageOf(error))) failed.push(messageOf(error));
  }
  const now = host.now();
  return todos.map((todo) => {
    const written = times.get(todo.line) ?? null;
    return {
      ...todo,
      path,
      days: written === null ? null : Math.max(0, Math.floor((now - written) / DAY_MS)),
    };
  });
}

function unknownAges(files: number, why: string): string {
  return `how old the TODOs of ${counted(files, 'file')} are is unknown: ${why}`;
}

function leftOut(files: number): string {
  return `how old the TODOs of ${counted(files, 'file')} are was not asked: git took longer than ${PATIENCE_MS / 1000} s`;
}
