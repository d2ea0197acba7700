import { DISK_FULL_HINT, ExternalError, messageOf } from '../errors.ts';

/** What the system refuses, by its number (Linux and macOS; LanceDB tells it as `os error 28`). */
const FULL = new Set([28, 69, 122]);
const REFUSED = new Set([1, 5, 12, 13, 23, 24, 30]);

/** An error of LanceDB as the outside world's: `disk-full`, `vectors-unusable`, or `vectors-damaged`. */
export function asFault(error: unknown, directory: string): ExternalError {
  if (error instanceof ExternalError) return error;
  const [, number = '0'] = /\(os error (\d+)\)/.exec(messageOf(error)) ?? [];
  const fault = (code: string, what: string, hint: string) =>
    new ExternalError(code, `${directory}: ${what} (${firstLine(error)})`, { hint, cause: error });
  if (FULL.has(Number(number))) return fault('disk-full', 'the disk is full', DISK_FULL_HINT);
  if (REFUSED.has(Number(number)))
    return fault('vectors-unusable', 'it cannot be used', 'Check who owns it, and its disk.');
  return fault('vectors-damaged', 'the vectors are damaged', 'Run: rustassistant index');
}

/** The table is torn or of another make: it can be made again. Anything else would hold for a new one too. */
export function isDamaged(error: unknown): boolean {
  return error instanceof ExternalError && error.code === 'vectors-damaged';
}

/** Where in its own sources the library noticed is nothing to a reader. */
function firstLine(error: unknown): string {
  const [line = ''] = messageOf(error).split('\n');
  return line.replace(/, \/\S+\.rs:\d+:\d+.*$/, '').trim();
}
