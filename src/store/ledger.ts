import { UserError } from '../errors.ts';
import type { Amounts, BudgetDecision, BudgetState } from '../llm/budget.ts';
import type { Usage } from '../types/answer.ts';
import type { Notice } from '../types/run.ts';

import { openBook } from './ledger-book.ts';
import { hasDamagedPredecessor, openLedgerDatabase } from './ledger-open.ts';
import { ownerRuns, thisOwner } from './ledger-owner.ts';
import type { EntryRow } from './ledger-rows.ts';
import { openRows } from './ledger-rows.ts';
import type { LedgerTotal, TotalKey } from './ledger-totals.ts';
import { totalsOf } from './ledger-totals.ts';
import { windowsAt } from './ledger-windows.ts';

export interface LedgerOptions {
  /** `…/ledger.db`; the journal stands beside it as `ledger.log`. */
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The budget's decision: it is made inside the transaction that reserves. */
  readonly decide: (state: BudgetState) => BudgetDecision;
  /** Whether paid answers are stored: where they are and the ledger is not, what was spent is unknown. */
  readonly answersExist: () => boolean;
  readonly rollbackJournal?: boolean;
}

export interface ReserveRequest {
  /** Ours, unique per attempt: of one attempt all calls carry the same. */
  readonly requestId: string;
  readonly runId: string;
  readonly repoId: string;
  readonly model: string;
  /** Worst case. */
  readonly ticks: number;
  /** Ticks per window. */
  readonly caps: Amounts;
}

export interface OpenReservation {
  readonly requestId: string;
  readonly runId: string;
  readonly repoId: string;
  readonly model: string;
  readonly ticks: number;
  readonly at: number;
  /** False: its process is gone or gave it up; it counts as spent until it is settled or released. */
  readonly running: boolean;
}

export type LedgerHealth = 'ok' | { /** Why it is not known what was spent. */ readonly reason: string };

/** The money of this home, over all its processes. Amounts are ticks. */
export interface Ledger {
  /**
   * Decides and, where the decision's kind is `reserve`, reserves: one immediate transaction. Throws
   * UserError `ledger-unknown` while it is not known what was spent.
   */
  reserve(request: ReserveRequest): BudgetDecision;
  /** The true cost is known; said twice, it counts once. */
  settle(requestId: string, usage: Usage): void;
  /** The request is known not to be billed: refused before sending, or by a 4xx. */
  release(requestId: string): void;
  /** Nobody will learn its cost: it counts as spent at its worst case, and nobody waits for it. */
  abandon(requestId: string): void;
  openReservations(): OpenReservation[];
  /** What the caps see now. `open` is the worst case of running requests, in addition to `spent`. */
  spent(runId?: string): { readonly spent: Amounts; readonly open: Amounts };
  /** By local day (`2026-03-31`), repository id or model, in that key's order. */
  totals(by: TotalKey, sinceMs?: number): LedgerTotal[];
  health(): LedgerHealth;
  /** The user takes what is known for all that was spent. */
  acceptUnknown(): void;
  /** What the user should hear of the opening. */
  readonly notices: readonly Notice[];
  close(): void;
}

export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { path, now, decide } = options;
  const database = await openLedgerDatabase(options);
  const notices: Notice[] = [...database.notices];
  const rows = openRows(database);
  const owner = thisOwner();
  const lostReason = () =>
    options.answersExist() || hasDamagedPredecessor(path)
      ? 'the ledger is lost, and answers were paid for'
      : null;
  const journalPath = path.replace(/(\.db)?$/, '.log');
  const book = openBook({ database, rows, journalPath, now, lostReason, notices });

  const health = (): LedgerHealth => {
    const reason = rows.getState('unknown') ?? '';
    return reason === '' ? 'ok' : { reason };
  };
  const spent = (runId: string) => {
    const windows = windowsAt(now());
    return { spent: rows.sums('spent', runId, windows), open: rows.sums('open', runId, windows) };
  };
  const giveUpDead = () => {
    const dead = rows.unsettled().filter((row) => !isRunning(row, now()) && row.state === 'open');
    for (const row of dead) book.record({ op: 'abandon', at: now(), id: row.request_id });
  };

  return {
    reserve: ({ requestId, runId, repoId, model, ticks, caps }) =>
      book.write(() => {
        requireKnown(health());
        if (rows.find(requestId) !== undefined) throw new Error(`request ${requestId} is reserved already`);
        const ask = () => decide({ caps, ...spent(runId), reservation: ticks });
        let decision = ask();
        if (decision.kind !== 'reserve') {
          giveUpDead();
          decision = ask();
        }
        if (decision.kind === 'reserve') {
          const at = now();
          book.record({ op: 'reserve', at, id: requestId, run: runId, repo: repoId, model, ticks, owner });
        }
        return decision;
      }),
    settle: (id, usage) =>
      book.write(() => {
        if (rows.find(id)?.state === 'settled') return;
        book.record({ op: 'settle', at: now(), id, usage });
      }),
    release: (id) =>
      book.write(() => {
        const state = rows.find(id)?.state;
        if (state === 'open' || state === 'abandoned') book.record({ op: 'release', at: now(), id });
      }),
    abandon: (id) =>
      book.write(() => {
        if (rows.find(id)?.state === 'open') book.record({ op: 'abandon', at: now(), id });
      }),
    openReservations: () => rows.unsettled().map((row) => reservationOf(row, now())),
    spent: (runId = '') => spent(runId),
    totals: (by, sinceMs = 0) => totalsOf(rows.since(sinceMs), by),
    health,
    acceptUnknown: () =>
      book.write(() => {
        if (health() !== 'ok') book.record({ op: 'accept', at: now() });
      }),
    notices,
    close: () => database.close(),
  };
}

function requireKnown(health: LedgerHealth): void {
  if (health === 'ok') return;
  throw new UserError(
    'ledger-unknown',
    `what was spent is unknown: ${health.reason}`,
    'Look at the bill of the provider, then run: rustassistant usage --accept-unknown',
  );
}

function isRunning(row: EntryRow, nowMs: number): boolean {
  return row.state === 'open' && ownerRuns(row.owner, row.at, nowMs);
}

function reservationOf(row: EntryRow, nowMs: number): OpenReservation {
  return {
    requestId: row.request_id,
    runId: row.run_id,
    repoId: row.repo_id,
    model: row.model,
    ticks: row.reserved,
    at: row.at,
    running: isRunning(row, nowMs),
  };
}
