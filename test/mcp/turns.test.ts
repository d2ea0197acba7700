import { expect, test } from 'vitest';
import { newTurns } from '../../src/mcp/turns.ts';

const never = new AbortController().signal;

/** Work that ends when it is told to, and writes down when it begins and ends. */
function worker(log: string[]) {
  const ends = new Map<string, () => void>();
  return {
    work: (name: string) => async (): Promise<string> => {
      log.push(`${name} begins`);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      log.push(`${name} ends`);
      return name;
    },
    async end(name: string): Promise<void> {
      ends.get(name)?.();
      await settled();
    },
  };
}

/** All that can go on without a timer has gone on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

test('one at a time for each key, in the order of the calls; others go on', async () => {
  const log: string[] = [];
  const { work, end } = worker(log);
  const turns = newTurns();
  const all = Promise.all([
    turns.take(['x'], never, work('a')),
    turns.take(['x', 'y'], never, work('b')),
    turns.take(['y'], never, work('c')),
    turns.take(['z'], never, work('d')),
  ]);
  await settled();
  expect(log).toEqual(['a begins', 'd begins']);
  await end('a');
  expect(log.slice(2)).toEqual(['a ends', 'b begins']);
  await end('b');
  await end('c');
  await end('d');
  expect(log.slice(4)).toEqual(['b ends', 'c begins', 'c ends', 'd ends']);
  expect(await all).toEqual(['a', 'b', 'c', 'd']);
});

test('a failure is its own alone', async () => {
  const turns = newTurns();
  const failing = turns.take(['x'], never, () => Promise.reject(new Error('no')));
  const next = turns.take(['x'], never, () => Promise.resolve('yes'));
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
});

test('what is given up while it waits is never begun, and holds nobody up', async () => {
  const log: string[] = [];
  const { work, end } = worker(log);
  const turns = newTurns();
  const cancel = new AbortController();
  const first = turns.take(['x'], never, work('a'));
  const waiting = turns.take(['x'], cancel.signal, work('b'));
  const last = turns.take(['x'], never, work('c'));
  await settled();
  cancel.abort(new Error('given up'));
  await end('a');
  await expect(waiting).rejects.toThrow('given up');
  await end('c');
  expect([await first, await last]).toEqual(['a', 'c']);
  expect(log).toEqual(['a begins', 'a ends', 'c begins', 'c ends']);
});
