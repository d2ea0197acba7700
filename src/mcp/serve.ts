import { setImmediate as nextTurn } from 'node:timers/promises';
import { resolveHome } from '../config/home.ts';
import { messageOf, UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import { listTracked } from '../pipeline/tracked.ts';
import { SILENT } from '../report/progress.ts';
import type { Layout } from '../store/layout.ts';
import { openLayout } from '../store/layout.ts';
import { printable } from '../util/printable.ts';
import { argumentChecker } from './arguments.ts';
import { clientRoots } from './client-roots.ts';
import { openKept } from './kept.ts';
import { clientProgress } from './progress.ts';
import { openRoots } from './roots.ts';
import type { Caller } from './server.ts';
import { createServer } from './server.ts';
import type { Answer, Tool } from './tool.ts';
import { stdioOf } from './transport.ts';

export interface ServeOptions {
  /** Absolute; where the client names no folders of its own, these may be read. */
  readonly roots: readonly string[];
  /** Whether the tracked repositories may be read too. */
  readonly tracked: boolean;
  /** Said on stderr. */
  readonly note: (line: string) => void;
  readonly say: (line: string) => void;
}

/**
 * Serves one client until it closes stdin: then the calls under way are answered and the status is 0. Where the
 * host's signal ends it, they are broken off, and it is 130.
 */
export async function serve(host: Host, { roots: given, tracked, note, say }: ServeOptions): Promise<number> {
  const layout = openLayout(resolveHome(host.env));
  const left = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  const check = await argumentChecker();
  const ask = (): Promise<string[] | null> =>
    clientRoots(server, AbortSignal.any([left.signal, host.signal]));
  const roots = openRoots({ given, cwd: host.cwd, ask, note: (line) => note(printable(line)) });
  const kept = openKept(layout);

  async function call(tool: Tool, args: unknown, { signal, tell }: Caller): Promise<Answer> {
    const checked = check(tool, args);
    const own: Host = { ...host, signal: AbortSignal.any([signal, host.signal]) };
    const progress = tell === null ? SILENT : clientProgress(host.now, tell);
    // Such a client does not say when its folders change.
    if (server.getClientCapabilities()?.roots?.listChanged !== true) roots.changed();
    const scope = { roots: await roots.list(), tracked: tracked ? await trackedIn(layout) : [] };
    const startedMs = host.now();
    try {
      const answer = await tool.run({ host: own, layout, kept, progress, scope, note }, checked);
      // Broken off, it is not the whole answer.
      own.signal.throwIfAborted();
      say(`${tool.name}: ${host.now() - startedMs} ms`);
      return answer;
    } catch (error) {
      if (own.signal.aborted) throw new UserError('interrupted', `${tool.name} was broken off`);
      throw error;
    }
  }

  const server = await createServer({
    call(tool, args, caller) {
      const answer = call(tool, args, caller);
      underWay.add(answer);
      return answer.finally(() => underWay.delete(answer));
    },
    onRootsChanged: () => roots.changed(),
    onError: (error) => note(printable(messageOf(error))),
    onDefect: (error) => void host.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`),
  });
  const end = new Promise<void>((resolve) => {
    host.stdin.once('end', resolve).once('close', resolve);
    host.signal.addEventListener('abort', () => resolve(), { once: true });
    server.onclose = resolve;
  });
  try {
    await server.connect(await stdioOf(host));
    await end;
    left.abort();
    await Promise.allSettled(underWay);
    // What was answered last is written after its call has ended.
    await nextTurn();
  } finally {
    await server.close();
    await kept.close();
  }
  return host.signal.aborted ? 130 : 0;
}

async function trackedIn(layout: Layout): Promise<string[]> {
  const { repositories } = await listTracked(layout);
  return repositories.filter(({ there }) => there).map(({ path }) => path);
}
