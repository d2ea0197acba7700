/**
 * Buys the items argv[4] (JSON keys) in the home argv[2] as request argv[3]: marks, then at each line of stdin does
 * the next step (save, clear), and prints what it did. Killed in between it leaves what a crash leaves.
 */
import { createInterface } from 'node:readline';
import { openAnswers } from '../../../src/store/answers.ts';
import { openLayout } from '../../../src/store/layout.ts';
import { request } from '../answers-support.ts';

const [, , home = '', requestId = '', keys = '[]'] = process.argv;
const answers = await openAnswers(openLayout(home));
const taken = answers.markInFlight(requestId, JSON.parse(keys) as string[], { nowMs: Date.now() });
process.stdout.write(`${JSON.stringify(taken)}\n`);
const steps = [() => answers.saveRequest(request(requestId, taken)), () => answers.clearInFlight(requestId)];
for await (const line of createInterface({ input: process.stdin })) {
  await steps.shift()?.();
  process.stdout.write(`${line} done\n`);
}
answers.close();
