import { DISK_FULL_HINT, ExternalError, messageOf } from '../errors.ts';

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html) that a user can meet. */
const CODES = {
  ERROR: 1,
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  CONSTRAINT: 19,
  NOTADB: 26,
} as const;

type Code = keyof typeof CODES;

/** Which of them an error of either binding carries, or null. */
function codeOf(error: unknown): Code | null {
  if (!(error instanceof Error)) return null;
  const { code, errcode } = error as Error & { readonly code?: unknown; readonly errcode?: unknown };
  // node:sqlite gives the extended number, better-sqlite3 the extended name (`SQLITE_BUSY_SNAPSHOT`).
  const name = typeof code === 'string' ? /^SQLITE_([A-Z]+)/.exec(code)?.[1] : undefined;
  const number = typeof errcode === 'number' ? errcode & 0xff : -1;
  const known = Object.keys(CODES) as Code[];
  return known.find((key) => key === name || CODES[key] === number) ?? SYSTEM_CODES[String(code)] ?? null;
}

/** The same troubles as Node tells them, before SQLite has the file. */
const SYSTEM_CODES: Readonly<Record<string, Code>> = {
  EACCES: 'PERM',
  EPERM: 'PERM',
  EROFS: 'READONLY',
  ENOSPC: 'FULL',
  EIO: 'IOERR',
};

/** The file is no database, or a damaged one. */
export function isCorrupt(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'CORRUPT' || code === 'NOTADB';
}

/** A statement that holds for sound tables did not: the tables or an index may be damaged in a way SQLite cannot see. */
export function isDoubtful(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ERROR' || code === 'CONSTRAINT';
}

/** Another process held its lock for longer than we wait. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'BUSY' || code === 'LOCKED';
}

/** An error of SQLite as the outside world's fault; anything else unchanged. */
export function asFault(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code === null) return error;
  const [id, what, hint] = faultOf(code);
  const retryable = isBusy(error);
  return new ExternalError(id, `${path}: ${what} (${messageOf(error)})`, { retryable, hint, cause: error });
}

function faultOf(code: Code): readonly [id: string, what: string, hint: string] {
  switch (code) {
    case 'BUSY':
    case 'LOCKED':
      return ['database-busy', 'another process holds it', 'Wait for the other run to end, then try again.'];
    case 'CORRUPT':
    case 'NOTADB':
      return [
        'database-corrupt',
        'the file is damaged',
        'Run the command again: the damaged file is set aside.',
      ];
    case 'ERROR':
    case 'CONSTRAINT':
      return [
        'database-doubtful',
        'it does not hold what it should',
        'Run the command again: the file is checked first, and set aside if it is damaged. If this stays, please report it.',
      ];
    case 'FULL':
      return ['disk-full', 'the disk is full', DISK_FULL_HINT];
    case 'IOERR':
      return ['database-io', 'the disk failed to read or write it', 'Check the disk and its free space.'];
    case 'PERM':
    case 'READONLY':
    case 'CANTOPEN':
      return [
        'database-unwritable',
        'it cannot be opened for writing',
        'Check who owns it and its directory.',
      ];
    default:
      return code satisfies never;
  }
}
