import type { Amounts, Windows } from '../llm/budget.ts';
import type { Usage } from '../types/answer.ts';

import type { LedgerEvent, Reservation } from './journal.ts';
import type { Database } from './sqlite.ts';

/** `open`: its request runs. `abandoned`: nobody settles it any more, it counts as spent. */
export type EntryState = 'open' | 'abandoned' | 'settled' | 'released';

export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE entries (
     request_id TEXT PRIMARY KEY,
     run_id TEXT NOT NULL,
     repo_id TEXT NOT NULL,
     model TEXT NOT NULL,
     state TEXT NOT NULL,
     -- Ticks: the worst case, and the true cost once it is known.
     reserved INTEGER NOT NULL,
     ticks INTEGER NOT NULL,
     estimated INTEGER NOT NULL,
     input_tokens INTEGER NOT NULL,
     cached_tokens INTEGER NOT NULL,
     output_tokens INTEGER NOT NULL,
     -- Milliseconds since the epoch: when it was reserved (what its windows go by), when it was closed.
     at INTEGER NOT NULL,
     closed_at INTEGER,
     owner TEXT NOT NULL
   ) WITHOUT ROWID;
   CREATE INDEX entries_at ON entries (at);
   CREATE INDEX entries_run ON entries (run_id);
   CREATE INDEX entries_unsettled ON entries (state) WHERE state IN ('open', 'abandoned');
   CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`,
];

export interface EntryRow {
  readonly request_id: string;
  readonly run_id: string;
  readonly repo_id: string;
  readonly model: string;
  readonly state: EntryState;
  readonly reserved: number;
  readonly ticks: number;
  readonly estimated: number;
  readonly input_tokens: number;
  readonly cached_tokens: number;
  readonly output_tokens: number;
  readonly at: number;
  readonly closed_at: number | null;
  readonly owner: string;
}

export interface Rows {
  /** Brings an event into the table; one that is in it already changes nothing. */
  apply(event: LedgerEvent): void;
  find(id: string): EntryRow | undefined;
  /** Ticks that are spent (abandoned reservations at their worst case), or still open. `begin`: see `windowsAt`. */
  sums(kind: 'spent' | 'open', runId: string, begin: Windows): Amounts;
  unsettled(): EntryRow[];
  since(ms: number): EntryRow[];
  all(): IterableIterator<EntryRow>;
  getState(key: string): string | null;
  setState(key: string, value: string): void;
}

/** The statements of ledger.db. */
export function openRows(database: Database): Rows {
  const find = database.prepare<EntryRow>('SELECT * FROM entries WHERE request_id = ?');
  const unsettled = database.prepare<EntryRow>(
    "SELECT * FROM entries WHERE state IN ('open', 'abandoned') ORDER BY at",
  );
  const since = database.prepare<EntryRow>('SELECT * FROM entries WHERE at >= ? ORDER BY at');
  const all = database.prepare<EntryRow>('SELECT * FROM entries ORDER BY at');
  const get = database.prepare<{ value: string }>('SELECT value FROM state WHERE key = ?');
  const set = database.prepare('INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)');
  const sums = {
    spent: database.prepare<Amounts>(sumsSql(SPENT)),
    open: database.prepare<Amounts>(sumsSql(OPEN)),
  };
  return {
    apply: applier(database, (key, value) => void set.run(key, value)),
    find: (id) => find.get(id),
    sums: (kind, run, { day, week, month }) => {
      return sums[kind].get({ run, day, week, month, first: Math.min(week, month) }) as Amounts;
    },
    unsettled: () => unsettled.all(),
    since: (ms) => since.all(ms),
    all: () => all.iterate(),
    getState: (key) => get.get(key)?.value ?? null,
    setState: (key, value) => void set.run(key, value),
  };
}

const SPENT = "CASE state WHEN 'settled' THEN ticks WHEN 'abandoned' THEN reserved ELSE 0 END";
const OPEN = "CASE state WHEN 'open' THEN reserved ELSE 0 END";

function sumsSql(amount: string): string {
  const window = (condition: string) => `coalesce(sum(CASE WHEN ${condition} THEN ${amount} END), 0)`;
  return `SELECT ${window('run_id = @run')} AS run, ${window('at >= @day')} AS day,
                 ${window('at >= @week')} AS week, ${window('at >= @month')} AS month
          FROM entries WHERE at >= @first OR run_id = @run`;
}

function applier(database: Database, setState: (key: string, value: string) => void): Rows['apply'] {
  const insert = database.prepare(
    `INSERT INTO entries VALUES (@id, @run, @repo, @model, @state, @reserved, @ticks, @estimated,
                                 @input, @cached, @output, @at, @closed, @owner)
     ON CONFLICT DO NOTHING`,
  );
  const settle = database.prepare(
    `UPDATE entries SET state = 'settled', ticks = ?, estimated = ?, input_tokens = ?, cached_tokens = ?,
                        output_tokens = ?, closed_at = ?
     WHERE request_id = ? AND state <> 'settled'`,
  );
  const close = database.prepare(
    'UPDATE entries SET state = ?, closed_at = ? WHERE request_id = ? AND state = ?',
  );
  return (event) => {
    switch (event.op) {
      case 'begin':
        return;
      case 'unknown':
        return setState('unknown', event.reason);
      case 'accept':
        return setState('unknown', '');
      case 'reserve':
        return void insert.run(newEntry(event));
      case 'settle': {
        const { ticks, estimated, inputTokens, cachedTokens, outputTokens } = event.usage;
        // Money is real also where its reservation was lost.
        insert.run(newEntry({ ...UNTOLD, id: event.id, at: event.at }));
        settle.run(ticks, Number(estimated), inputTokens, cachedTokens, outputTokens, event.at, event.id);
        return;
      }
      case 'release':
        close.run('released', event.at, event.id, 'abandoned');
        close.run('released', event.at, event.id, 'open');
        return;
      case 'abandon':
        return void close.run('abandoned', event.at, event.id, 'open');
      default:
        return event satisfies never;
    }
  };
}

const UNTOLD = { run: '', repo: '', model: '', ticks: 0, owner: '' };

function newEntry({ id, run, repo, model, ticks, at, owner }: Reservation) {
  const none = { ticks: 0, estimated: 0, input: 0, cached: 0, output: 0, closed: null };
  return { id, run, repo, model, state: 'open', reserved: ticks, ...none, at, owner };
}

/** The cost and tokens of a settled row. */
export function usageOf(row: EntryRow): Usage {
  return {
    ticks: row.ticks,
    estimated: row.estimated !== 0,
    inputTokens: row.input_tokens,
    cachedTokens: row.cached_tokens,
    outputTokens: row.output_tokens,
  };
}
