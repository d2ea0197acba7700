import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askYesNo } from '../../src/commands/consent.ts';
import type { Host } from '../../src/host.ts';

/** What becomes of a question, and what was written to the host's stderr. */
async function asked(typed: string | null): Promise<readonly [boolean, string]> {
  let said = '';
  const stdin = new PassThrough();
  const host = {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stderr: { write: (text: string) => void (said += text) },
    signal: new AbortController().signal,
  } as unknown as Host;
  const answer = askYesNo(host, 'Send? [y/N] ');
  stdin.end(typed === null ? '' : `${typed}\n`);
  return [await answer, said];
}

test.each([
  ['y', true],
  ['YES', true],
  ['n', false],
  ['yeah', false],
  ['', false],
  [null, false],
])('%j: %j, asked on the host’s stderr', async (typed, yes) => {
  expect(await asked(typed)).toEqual([yes, 'Send? [y/N] ']);
});
