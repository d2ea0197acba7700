import type { Notice } from '../types/run.ts';
import type { Database } from './database.ts';
import type { Layout } from './layout.ts';
import type { ProcessMark } from './process.ts';
import { isDead, markOf } from './process.ts';
import { openDatabase } from './sqlite.ts';

/** `global.db`; numbered by place, append-only. */
const GLOBAL_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE repositories (
    id TEXT PRIMARY KEY,
    path TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_used INTEGER NOT NULL
  ) WITHOUT ROWID;

  -- Work that one process at a time may do; a process that ended gives up its lease by that.
  CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    pid INTEGER NOT NULL,
    process_start TEXT NOT NULL,
    boot TEXT NOT NULL,
    namespace TEXT NOT NULL,
    taken_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  DROP TABLE repositories;
  -- What the user wants \`--all\` to mean; what is stored of a repository does not hang on it.
  CREATE TABLE tracked (
    id TEXT PRIMARY KEY,
    path TEXT NOT NULL,
    added_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
];

export interface TrackedRepository {
  /** sha256 of the canonical root. */
  readonly id: string;
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly addedAt: number;
}

export interface Lease {
  release(): void;
}

/** What concerns no single repository. */
export interface Global {
  readonly notices: readonly Notice[];
  /** False where it was tracked already. */
  track(repository: { readonly id: string; readonly path: string }, nowMs: number): boolean;
  /** By path. */
  tracked(): TrackedRepository[];
  /** False where it was not tracked. */
  untrack(id: string): boolean;
  /** Null while another running process holds it. */
  takeLease(name: string, nowMs: number): Lease | null;
  close(): void;
}

type LeaseRow = ProcessMark & { readonly takenAt: number };

export async function openGlobal(layout: Layout): Promise<Global> {
  const database = await openDatabase(layout.global, {
    migrations: GLOBAL_MIGRATIONS,
    synchronous: 'NORMAL',
    rollbackJournal: layout.rollbackJournal,
    onCorrupt: 'rebuild',
  });
  const track = database.prepare('INSERT OR IGNORE INTO tracked VALUES (?, ?, ?)');
  const tracked = database.prepare<TrackedRepository>(
    'SELECT id, path, added_at AS addedAt FROM tracked ORDER BY path',
  );
  const untrack = database.prepare('DELETE FROM tracked WHERE id = ?');
  return {
    notices: database.notices,
    track: ({ id, path }, nowMs) => track.run(id, path, nowMs).changes > 0,
    tracked: () => tracked.all(),
    untrack: (id) => untrack.run(id).changes > 0,
    takeLease: leasesOf(database),
    close: () => database.close(),
  };
}

function leasesOf(database: Database): Global['takeLease'] {
  const holder = database.prepare<LeaseRow>(`SELECT pid, process_start AS started, boot, namespace,
    taken_at AS takenAt FROM leases WHERE name = ?`);
  const take = database.prepare(
    'INSERT OR REPLACE INTO leases VALUES (@name, @pid, @started, @boot, @namespace, @now)',
  );
  const release = database.prepare('DELETE FROM leases WHERE name = ? AND pid = ? AND process_start = ?');
  return (name, nowMs) => {
    const mark = markOf();
    const taken = database.transaction(() => {
      const held = holder.get(name);
      if (held !== undefined && !isDead(held, held.takenAt, nowMs)) return false;
      take.run({ ...mark, name, now: nowMs });
      return true;
    });
    return taken ? { release: () => void release.run(name, mark.pid, mark.started) } : null;
  };
}
