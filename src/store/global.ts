import { ACCESS_GRAIN_MS } from '../cache/eviction.ts';
import type { Notice } from '../types.ts';
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
];

export interface TrackedRepository {
  /** sha256 of the canonical root. */
  readonly id: string;
  readonly path: string;
  readonly firstSeen: number;
  readonly lastUsed: number;
}

export interface Lease {
  release(): void;
}

/** What concerns no single repository. */
export interface Global {
  readonly notices: readonly Notice[];
  /** Remembers that a repository was used; writes once a day. */
  track(repository: { readonly id: string; readonly path: string }, nowMs: number): void;
  repositories(): TrackedRepository[];
  forget(id: string): void;
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
  const track = database.prepare(`INSERT INTO repositories VALUES (@id, @path, @now, @now)
    ON CONFLICT DO UPDATE SET path = excluded.path, last_used = excluded.last_used
    WHERE path <> excluded.path OR last_used < @before`);
  const all = database.prepare<TrackedRepository>(`SELECT id, path, first_seen AS firstSeen,
    last_used AS lastUsed FROM repositories ORDER BY path`);
  const forget = database.prepare('DELETE FROM repositories WHERE id = ?');
  return {
    notices: database.notices,
    track: ({ id, path }, nowMs) => void track.run({ id, path, now: nowMs, before: nowMs - ACCESS_GRAIN_MS }),
    repositories: () => all.all(),
    forget: (id) => void forget.run(id),
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
