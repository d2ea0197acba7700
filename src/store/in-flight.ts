import type { Usage } from '../types.ts';
import type { Database } from './database.ts';
import { isDead, markOf } from './process.ts';

/** A request that was on its way when its process ended. */
export interface OpenRequest {
  readonly requestId: string;
  readonly startedAt: number;
  readonly itemKeys: readonly string[];
  /** What its stored answer cost; null where none was stored, and nobody here knows whether it was billed. */
  readonly stored: { readonly usage: Usage; readonly model: string; readonly at: number } | null;
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
  readonly itemKey: string;
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
  const all = database.prepare<FlightRow>(`SELECT request_id AS requestId, item_key AS itemKey, pid,
    process_start AS started, boot, namespace, started_at AS startedAt FROM in_flight
    ORDER BY started_at, request_id, item_key`);
  const stored = database.prepare<{ readonly usage: string; readonly model: string; readonly at: number }>(
    'SELECT usage, model, created_at AS at FROM requests WHERE request_id = ?',
  );

  return {
    markInFlight(requestId, itemKeys, { nowMs, untrustedRepository = '' }) {
      const row = { ...markOf(), request: requestId, scope: untrustedRepository, now: nowMs };
      return database.transaction(() => itemKeys.filter((key) => mark.run({ ...row, key }).changes > 0));
    },
    clearInFlight: (requestId) => void clear.run(requestId),
    openRequests(nowMs) {
      const requests = new Map<string, OpenRequest & { readonly itemKeys: string[] }>();
      for (const row of all.all()) {
        if (!isDead(row, row.startedAt, nowMs)) continue;
        const { requestId, startedAt, itemKey } = row;
        const known = requests.get(requestId);
        if (known !== undefined) known.itemKeys.push(itemKey);
        else
          requests.set(requestId, { requestId, startedAt, itemKeys: [itemKey], stored: storedOf(requestId) });
      }
      return [...requests.values()];
    },
  };

  function storedOf(requestId: string): OpenRequest['stored'] {
    const row = stored.get(requestId);
    const usage = row === undefined ? null : (JSON.parse(row.usage) as Usage | null);
    return row === undefined || usage === null ? null : { ...row, usage };
  }
}
