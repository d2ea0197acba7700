import { ExternalError, UserError, messageOf, systemCode } from '../errors.ts';
import { badModel } from './fault.ts';
import type { FileRow } from './files.ts';
import { MODEL_FILES } from './files.ts';
import { downloadFailed, get } from './get.ts';
import type { FileFacts } from './manifest.ts';
import type { Origin } from './take.ts';
import { writeFile } from './write.ts';

/** The ways out of this room, handed in. */
export interface Hub {
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
  /** A file begins: its bytes, null where the server does not tell. */
  readonly onFile: (name: string, bytes: number | null) => void;
  readonly onBytes: (bytes: number) => void;
  /** A server that sends nothing for so long has failed. */
  readonly stalledMs: number;
  /** Before a file is fetched once more; doubled each time. */
  readonly retryMs: number;
}

/** After the first time. */
const RETRIES = 3;

/** The disk's failures: the other end has no part in them. */
const LOCAL = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO']);

/** `owner/name` of a hub. Nothing but the files of `MODEL_FILES` is asked for. */
export function fromHub(hub: Hub, repository: string): Origin {
  return {
    source: `${hub.endpoint}/${repository}`,
    async fill(folder) {
      const taken: Record<string, FileFacts> = {};
      const fetched = async (row: FileRow): Promise<boolean> => {
        const facts = await patiently(hub, () => download(hub, repository, row, folder));
        if (facts !== null) taken[row.name] = facts;
        return facts !== null;
      };
      for (const row of MODEL_FILES.filter(({ need }) => need !== 'weights')) {
        if (!(await fetched(row)) && row.need === 'required') throw lacks(hub, repository, row.name);
      }
      for (const row of MODEL_FILES.filter(({ need }) => need === 'weights')) {
        if (await fetched(row)) return taken;
      }
      throw lacks(hub, repository, 'onnx/model_quantized.onnx');
    },
  };
}

/** A line that is cut now and then does not keep a model from its place. */
async function patiently<Result>({ retryMs, signal }: Hub, attempt: () => Promise<Result>): Promise<Result> {
  const { default: pRetry } = await import('p-retry');
  return pRetry(attempt, {
    retries: RETRIES,
    minTimeout: retryMs,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => error instanceof ExternalError && error.retryable,
  });
}

function lacks({ endpoint }: Hub, repository: string, file: string): UserError {
  const hint = 'Is its name right, and is it laid out for transformers.js (as those of Xenova are)?';
  return new UserError('model-missing', `${endpoint} has no ${repository}/${file}`, hint);
}

/** Null where the hub has no such file. */
async function download(
  hub: Hub,
  repository: string,
  row: FileRow,
  folder: string,
): Promise<FileFacts | null> {
  const watch = watchdog(hub);
  try {
    const response = await get(
      hub.fetch,
      `${hub.endpoint}/${repository}/resolve/main/${row.name}`,
      watch.signal,
    );
    if (response === null) return null;
    const announced = announcedBytes(response, row);
    hub.onFile(row.name, announced);
    const facts = await writeFile(folder, row, fed(response, hub, watch.feed));
    if (announced === null || facts.bytes === announced) return facts;
    throw downloadFailed(`${row.name} broke off after ${facts.bytes} of ${announced} bytes`);
  } catch (error) {
    if (error instanceof UserError || error instanceof ExternalError || hub.signal.aborted) throw error;
    if (LOCAL.has(systemCode(error))) throw error;
    if (watch.signal.aborted)
      throw downloadFailed(`${hub.endpoint} sent nothing for ${hub.stalledMs / 1000} s`, error);
    throw downloadFailed(`${row.name} could not be fetched from ${hub.endpoint}: ${reason(error)}`, error);
  } finally {
    watch.stop();
  }
}

/** Null where the server does not tell. Throws UserError `bad-model` before a body that is too large begins. */
function announcedBytes({ headers }: Response, { name, maxBytes }: FileRow): number | null {
  if ((headers.get('content-encoding') ?? 'identity') !== 'identity') return null;
  const length = headers.get('content-length');
  const bytes = length === null ? null : Number(length);
  if (bytes !== null && bytes > maxBytes)
    throw badModel(`${name} is larger than ${maxBytes} bytes: ${bytes}`);
  return bytes;
}

async function* fed(response: Response, { onBytes }: Hub, feed: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    feed();
    onBytes(chunk.length);
    yield chunk;
  }
}

/** Aborts with the hub's own signal, and where nothing feeds it for too long. */
function watchdog({ signal, stalledMs }: Hub): { signal: AbortSignal; feed: () => void; stop: () => void } {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), stalledMs);
  return {
    signal: AbortSignal.any([signal, stalled.signal]),
    feed: () => void timer.refresh(),
    stop: () => clearTimeout(timer),
  };
}

/** undici says "fetch failed", and the reason in its cause. */
function reason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return messageOf(cause ?? error);
}
