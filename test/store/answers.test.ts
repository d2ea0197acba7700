import { statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Answers } from '../../src/store/answers.ts';
import { openAnswers } from '../../src/store/answers.ts';
import { openLayout } from '../../src/store/layout.ts';
import type { Answer } from '../../src/types/answer.ts';
import { NOW, USAGE, complete, factors, key, request, toStore } from './answers-support.ts';
import { child, ended, temporary } from './support.ts';

const FAILED: Answer = { status: 'failed', findings: [], cites: [], unanchored: 0 };

const open = (home = temporary()): Promise<Answers> => openAnswers(openLayout(home));

const save = (answers: Answers, id: string, items: readonly string[], given = {}) =>
  answers.saveRequest({ ...request(id, []), answers: items.map((item) => toStore(item)), ...given });

describe('answers', () => {
  test('come back by key, with what they cost and who paid', async () => {
    const answers = await open();
    expect(await save(answers, 'r1', ['a', 'b'])).toBe(true);
    const found = await answers.lookup([key('a'), key('never')], 'another');
    expect([...found]).toEqual([
      [
        key('a'),
        {
          answer: complete('a'),
          usage: USAGE,
          createdAt: NOW,
          repository: 'repo',
        },
      ],
    ]);
    expect(await answers.lookup([], 'repo')).toEqual(new Map());
    expect(answers.totals()).toMatchObject({ answers: 2, requests: 1, ticks: 2 * USAGE.ticks });
    answers.close();
  });

  test('each commit reaches the disk', async () => {
    const answers = await open();
    expect(answers.database.pragma('synchronous')).toBe(2);
    expect(statSync(answers.database.path).mode & 0o777).toBe(0o600);
    answers.close();
  });

  test('a request is stored once, whatever is said the second time', async () => {
    const answers = await open();
    await save(answers, 'r1', ['a']);
    expect(await save(answers, 'r1', ['b'], { model: 'other' })).toBe(false);
    expect((await answers.lookup([key('a'), key('b')], 'repo')).size).toBe(1);
    answers.close();
  });

  test('paid and useless: the request is kept, no answer is', async () => {
    const answers = await open();
    expect(await save(answers, 'r1', [])).toBe(true);
    expect(answers.totals()).toMatchObject({ answers: 0, requests: 1 });
    answers.close();
  });

  test('a complete one replaces a failed one, never the other way round', async () => {
    const answers = await open();
    const failed = { answers: [toStore('a', FAILED)] };
    await save(answers, 'r1', [], failed);
    expect((await answers.lookup([key('a')], 'repo')).get(key('a'))?.answer.status).toBe('failed');
    await save(answers, 'r2', ['a']);
    await save(answers, 'r3', [], failed);
    expect((await answers.lookup([key('a')], 'repo')).get(key('a'))?.answer.status).toBe('complete');
    answers.close();
  });

  test('one flipped bit, or a format that is gone, is a miss; the others stand', async () => {
    const answers = await open();
    await save(answers, 'r1', ['a', 'b', 'c']);
    const blob = answers.database.prepare('UPDATE answers SET blob = ? WHERE item_key = ?');
    const row = answers.database.prepare<{ blob: Uint8Array }>('SELECT blob FROM answers WHERE item_key = ?');
    const bytes = (row.get(key('a')) as { blob: Uint8Array }).blob;
    blob.run(
      Uint8Array.from(bytes, (byte, at) => (at === 5 ? byte ^ 1 : byte)),
      key('a'),
    );
    answers.database.prepare('UPDATE answers SET schema_version = 0 WHERE item_key = ?').run(key('b'));
    const found = await answers.lookup(['a', 'b', 'c'].map(key), 'repo');
    expect([...found.keys()]).toEqual([key('c')]);
    answers.close();
  });
});

describe('bought under --untrusted', () => {
  const untrusted = { untrusted: true, repository: 'hostile' };

  test('they hold for that repository alone', async () => {
    const answers = await open();
    await save(answers, 'r1', ['a'], untrusted);
    expect((await answers.lookup([key('a')], 'hostile')).size).toBe(1);
    expect((await answers.lookup([key('a')], 'other')).size).toBe(0);
    answers.close();
  });

  test('and stand beside those that hold everywhere', async () => {
    const answers = await open();
    await save(answers, 'r1', [], { ...untrusted, answers: [toStore('a', FAILED)] });
    await save(answers, 'r2', ['a']);
    for (const repository of ['hostile', 'other']) {
      const found = await answers.lookup([key('a')], repository);
      expect(found.get(key('a'))?.answer.status).toBe('complete');
    }
    expect(answers.totals().answers).toBe(2);
    answers.close();
  });
});

test('factors of the same item’s answers, the newest first', async () => {
  const answers = await open();
  const older = factors('a', { promptHash: 'old' });
  await save(answers, 'r1', [], {
    at: NOW - 1,
    answers: [{ ...toStore('a'), itemKey: 'x', factors: older }],
  });
  await save(answers, 'r2', ['a', 'b']);
  expect(answers.factorsFor(factors('a').itemHash)).toEqual([factors('a'), older]);
  expect(answers.factorsFor('nothing')).toEqual([]);
  answers.close();
});

test('the model last seen behind a name', async () => {
  const answers = await open();
  expect(answers.resolvedModel('u', 'm')).toBe('');
  answers.setResolvedModel('u', 'm', 'm-1', NOW);
  answers.setResolvedModel('u', 'm', 'm-2', NOW);
  expect([answers.resolvedModel('u', 'm'), answers.resolvedModel('v', 'm')]).toEqual(['m-2', '']);
  answers.close();
});

describe('in flight', () => {
  test('an item is bought once at a time, and not where a complete answer is', async () => {
    const answers = await open();
    await save(answers, 'r0', ['there']);
    await save(answers, 'r00', [], { answers: [toStore('failed', FAILED)] });
    const keys = ['there', 'failed', 'a', 'b'].map(key);
    expect(answers.markInFlight('r1', keys, { nowMs: NOW })).toEqual(keys.slice(1));
    expect(answers.markInFlight('r2', [...keys, key('c')], { nowMs: NOW })).toEqual([key('c')]);
    answers.clearInFlight('r1');
    expect(answers.markInFlight('r3', [key('b')], { nowMs: NOW })).toEqual([key('b')]);
    answers.close();
  });

  test('under --untrusted two repositories buy apart, and use what holds everywhere', async () => {
    const answers = await open();
    const options = (untrustedRepository: string) => ({ nowMs: NOW, untrustedRepository });
    await save(answers, 'r0', ['there']);
    expect(answers.markInFlight('r1', [key('a'), key('there')], options('h1'))).toEqual([key('a')]);
    expect(answers.markInFlight('r2', [key('a')], options('h2'))).toEqual([key('a')]);
    expect(answers.markInFlight('r3', [key('a')], options('h1'))).toEqual([]);
    answers.close();
  });

  test('a living process is nobody’s to replay', async () => {
    const answers = await open();
    answers.markInFlight('r1', [key('a')], { nowMs: NOW });
    expect(answers.openRequests(NOW)).toEqual([]);
    answers.close();
  });

  test('two processes share the items out between them', async () => {
    const home = temporary();
    (await open(home)).close();
    const keys = Array.from({ length: 200 }, (_, at) => key(`item ${at}`));
    const buyers = ['r1', 'r2'].map((id) => child('buy', home, id, JSON.stringify(keys)));
    for (const buyer of buyers) buyer.stdin.end();
    const runs = await Promise.all(buyers.map((buyer) => ended(buyer)));
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    const taken = runs.flatMap(({ lines }) => JSON.parse(lines[0] ?? '') as string[]);
    expect([...taken].sort()).toEqual([...keys].sort());
  });

  test.each([
    ['before the answer', 0, null],
    ['between answer and ledger', 1, USAGE],
  ])('killed %s: found by the next run, with what is known of it', async (_, steps, usage) => {
    const home = temporary();
    const keys = ['a', 'b'].map(key).sort();
    const buyer = child('buy', home, 'r1', JSON.stringify(keys));
    let lines = 0;
    const { signal } = await ended(buyer, () => {
      if (lines++ < steps) buyer.stdin.write(`step\n`);
      else buyer.kill('SIGKILL');
    });
    expect(signal).toBe('SIGKILL');
    const answers = await open(home);
    const [lost, ...others] = answers.openRequests(Date.now());
    expect(others).toEqual([]);
    expect(lost).toEqual({ requestId: 'r1', usage });
    expect((await answers.lookup(keys, 'repo')).size).toBe(usage === null ? 0 : 2);
    answers.clearInFlight('r1');
    expect(answers.openRequests(Date.now())).toEqual([]);
    answers.close();
  });
});
