import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

import { decide } from '../../src/llm/budget.ts';
import type { Ledger, LedgerOptions, ReserveRequest } from '../../src/store/ledger.ts';
import { openLedger } from '../../src/store/ledger.ts';
import type { Usage } from '../../src/types/answer.ts';

export const PLENTY = { run: 1e12, day: 1e12, week: 1e12, month: 1e12 };

/** A directory that is gone after the test. */
export function ledgerPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ledger-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'ledger.db');
}

export function open(path: string, options: Partial<LedgerOptions> = {}): Promise<Ledger> {
  return openLedger({ path, now: Date.now, decide, answersExist: () => false, ...options });
}

/** Opens, works, closes. */
export async function withLedger<Result>(
  path: string,
  work: (ledger: Ledger) => Result,
  options: Partial<LedgerOptions> = {},
): Promise<Result> {
  const ledger = await open(path, options);
  try {
    return work(ledger);
  } finally {
    ledger.close();
  }
}

export function ask(requestId: string, ticks: number, changes: Partial<ReserveRequest> = {}): ReserveRequest {
  return { requestId, runId: 'run', repoId: 'repo', model: 'grok-4.3', ticks, caps: PLENTY, ...changes };
}

export function cost(ticks: number, changes: Partial<Usage> = {}): Usage {
  return { ticks, estimated: false, inputTokens: 10, cachedTokens: 4, outputTokens: 2, ...changes };
}
