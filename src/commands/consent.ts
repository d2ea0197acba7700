import { systemCode } from '../errors.ts';
import type { Host } from '../host.ts';
import type { ConsentQuestion } from '../pipeline/paid/purchase.ts';
import { counted, ticksAsDollars } from '../util/numbers.ts';

/** Whether a person is there to be asked. */
export function canAsk(host: Host): boolean {
  return host.stdin.isTTY === true && host.stderr.isTTY === true;
}

/** Says what would be sent where and what it costs, and waits for a yes. Anything else is a no. */
export async function askConsent(host: Host, question: ConsentQuestion): Promise<boolean> {
  const { items, requests, expected, worst, secondLook } = question;
  const more = secondLook
    ? '\n  Findings of high or worse are put to a second look, which costs more, within the same caps (--no-verify).'
    : '';
  host.stderr.write(
    `Source code would be sent to ${question.host} (${question.model}) for the first time:
  ${counted(items, 'item')} in ${counted(requests, 'request')}, about ${ticksAsDollars(expected)}, at worst ${ticksAsDollars(worst)}; never above the caps (rustassistant usage).${more}
`,
  );
  return askYesNo(host, 'Send? [y/N] ');
}

/** Waits for an answer on the terminal. Anything but a yes is a no. */
export async function askYesNo(host: Host, question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: host.stdin, output: host.stderr as NodeJS.WritableStream });
  // Ctrl-C means the program, not the question alone; Ctrl-D is no yes.
  prompt.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([prompt.question(question, { signal: host.signal }), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (host.signal.aborted || systemCode(error) === 'ABORT_ERR') return false;
    throw error;
  } finally {
    prompt.close();
  }
}
