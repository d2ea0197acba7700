import type { Usage } from '../types/answer.ts';
import type { Database } from './database.ts';
import { isDead, markOf } from './process.ts';

/** A request that was on its way when its process ended. */
export interface OpenRequest {
  readonly requestId: string;
  /** What its stored answer cost; null where none was stored, and nobody here knows whether it was billed. */
  readonly usage: Usage | null;
}

export interface InFlightOptions {
  readonly nowMs: number;
  /** Under `--untrusted`, the repository that the answers will be valid for. */
  readonly untrustedRepository?: string;
}

/** Marks that keep two processes from buying the same item. */
export interface InFlight {
  /**
   * Takes the items that nobody is buying and that have no complete answer; returns their keys. The rest belongs
   * to another process or is there by now.
   */
  markInFlight(requestId: string, itemKeys: readonly string[], options: InFlightOptions): string[];
  /** The last step of a request, after the ledger's. */
  clearInFlight(requestId: string): void;
  /** Those whose process has ended: settle each in the ledger, then clear it. */
  openRequests(nowMs: number): OpenRequest[];
}

interface FlightRow {
  readonly requestId: string;
  readonly pid: number;
  readonly started: string;
  readonly boot: string;
  readonly namespace: string;
  readonly startedAt: number;
}

export function inFlightOf(database: Database): InFlight {
  const mark = database.prepare(`INSERT INTO in_flight
    SELECT @key, @scope, @request, @pid, @started, @boot, @namespace, @now
    WHERE NOT EXISTS (SELECT 1 FROM answers WHERE item_key = @key AND untrusted_repo IN ('', @scope)
      AND status = 'complete')
    ON CONFLICT DO NOTHING`);
  const clear = database.prepare('DELETE FROM in_flight WHERE request_id = ?');
  const all = database.prepare<FlightRow>(`SELECT request_id AS requestId, pid,
    process_start AS started, boot, namespace, started_at AS startedAt FROM in_flight
    ORDER BY started_at, request_id`);
  const stored = database.prepare<{ readonly usage: string }>(
    'SELECT usage FROM requests WHERE request_id = ?',
  );

  return {
    markInFlight(requestId, itemKeys, { nowMs, untrustedRepository = '' }) {
      const row = { ...markOf(), request: requestId, scope: untrustedRepository, now: nowMs };
      return database.transaction(() => itemKeys.filter((key) => mark.run({ ...row, key }).changes > 0));
    },
    clearInFlight: (requestId) => void clear.run(requestId),
    openRequests(nowMs) {
      const dead = all.all().filter((row) => isDead(row, row.startedAt, nowMs));
      const ids = new Set(dead.map(({ requestId }) => requestId));
      return [...ids].map((requestId) => ({ requestId, usage: usageOf(requestId) }));
    },
  };

  function usageOf(requestId: string): Usage | null {
    const row = stored.get(requestId);
    return row === undefined ? null : (JSON.parse(row.usage) as Usage | null);
  }
}
