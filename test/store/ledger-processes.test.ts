import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

import { ledgerPath, withLedger } from './ledger-support.ts';

const CHILD = fileURLToPath(new URL('./ledger-child.ts', import.meta.url));
const CAP = 3_000;

interface Sold {
  readonly billed: ReadonlyMap<string, number>;
  readonly settled: ReadonlySet<string>;
}

function buy(path: string, billPath: string, name: string, requests: number, seed: number): ChildProcess {
  const args = ['--import', 'tsx', CHILD, path, billPath, name, String(requests), String(seed)];
  const env = { ...process.env, LEDGER_TEST_CAP: String(CAP) };
  return spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
}

function sold(billPath: string): Sold {
  const lines = existsSync(billPath) ? readFileSync(billPath, 'utf8').split('\n').filter(Boolean) : [];
  const entries = lines.map(
    (line) => JSON.parse(line) as { billed?: string; cost: number; settled?: string },
  );
  return {
    billed: new Map(entries.flatMap(({ billed, cost }) => (billed === undefined ? [] : [[billed, cost]]))),
    settled: new Set(entries.flatMap(({ settled }) => (settled === undefined ? [] : [settled]))),
  };
}

/** What must hold at every moment, whoever died when. */
async function checkMoney(path: string, billPath: string): Promise<{ spent: number; bill: number }> {
  const { billed, settled } = sold(billPath);
  const bill = [...billed.values()].reduce((sum, cost) => sum + cost, 0);
  return withLedger(path, (ledger) => {
    const now = ledger.spent();
    const unsettled = new Map(ledger.openReservations().map((entry) => [entry.requestId, entry.ticks]));
    const [total] = ledger.totals('model');
    expect(ledger.health()).toBe('ok');
    expect(now.spent.month + now.open.month).toBeLessThanOrEqual(CAP);
    expect(now.spent.month + now.open.month).toBeGreaterThanOrEqual(bill);
    let known = 0;
    for (const [id, cost] of billed) {
      if (unsettled.has(id)) expect(unsettled.get(id)).toBeGreaterThanOrEqual(cost);
      else known += cost;
      if (settled.has(id)) expect(unsettled.has(id)).toBe(false);
    }
    expect(total?.ticks).toBe(known);
    return { spent: now.spent.month + now.open.month, bill };
  });
}

test('four processes at once never pass a cap, also when they are killed at any moment', async () => {
  const path = ledgerPath();
  const billPath = `${path}.bill`;
  const seed = (Date.now() % 1e6) + 1;
  console.log(`seed ${seed}`);
  const first = ['a', 'b', 'c', 'd'].map((name, index) => buy(path, billPath, name, 1_000, seed + index));
  const exits = first.map((child) => once(child, 'exit'));
  await Promise.all(first.map((child) => once(child.stdout as NodeJS.ReadableStream, 'data')));
  while (sold(billPath).billed.size < 10) await new Promise((resolve) => setTimeout(resolve, 5));
  for (const [index, child] of first.entries()) {
    const wait = 20 + ((seed * (index + 3) * 7919) % 180);
    await new Promise((resolve) => setTimeout(resolve, wait));
    child.kill('SIGKILL');
  }
  await Promise.all(exits);
  const killed = await checkMoney(path, billPath);
  expect(killed.bill).toBeGreaterThan(0);

  // The next ones finish, up to the cap.
  const second = ['e', 'f'].map((name, index) => buy(path, billPath, name, 120, seed + 10 + index));
  const codes = await Promise.all(second.map((child) => once(child, 'exit')));
  expect(codes.map(([code]) => code)).toEqual([0, 0]);
  const done = await checkMoney(path, billPath);
  expect(done.spent).toBeGreaterThan(CAP - 200);

  // Either half alone tells the same.
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  expect(await checkMoney(path, billPath)).toEqual(done);
  rmSync(path.replace('.db', '.log'));
  expect(await checkMoney(path, billPath)).toEqual(done);
}, 60_000);
