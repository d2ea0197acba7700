/**
 * A process that buys: `ledger-child.ts <ledger.db> <bill file> <name> <requests> <seed>`. Each request it is
 * allowed to make it "sends": its true cost goes to the bill file as a server would note it. What it was told
 * is settled goes there too.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { decide } from '../../src/llm/budget.ts';
import { openLedger } from '../../src/store/ledger.ts';

const [path = '', billPath = '', name = '', requests = '0', seed = '1'] = process.argv.slice(2);
const CAP = Number(process.env['LEDGER_TEST_CAP']);

let state = Number(seed);
function random(): number {
  // Numerical Recipes' linear congruential generator.
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

const note = (entry: object) => appendFileSync(billPath, `${JSON.stringify(entry)}\n`);
const caps = { run: 1e9, day: CAP, week: CAP, month: CAP };
const ledger = await openLedger({ path, now: Date.now, decide, answersExist: () => false });
process.stdout.write('ready\n');
for (let n = 0; n < Number(requests); n += 1) {
  const requestId = `${name}-${n}`;
  const ticks = 1 + Math.floor(random() * 100);
  const decision = ledger.reserve({ requestId, runId: name, repoId: 'r', model: 'm', ticks, caps });
  if (decision.kind !== 'reserve') continue;
  if (random() < 0.1) {
    ledger.release(requestId);
    continue;
  }
  const cost = Math.ceil(ticks * random());
  note({ billed: requestId, cost });
  await delay(random() * 10);
  if (random() < 0.1) {
    ledger.abandon(requestId);
    continue;
  }
  const usage = { ticks: cost, estimated: false, inputTokens: 1, cachedTokens: 0, outputTokens: 1 };
  ledger.settle(requestId, usage);
  note({ settled: requestId });
}
ledger.close();
