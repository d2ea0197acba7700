import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Answers } from '../../src/store/answers.ts';
import { openAnswers } from '../../src/store/answers.ts';
import { openLayout } from '../../src/store/layout.ts';
import { NOW, complete, factors, key, request, toStore } from './answers-support.ts';
import { temporary } from './support.ts';

const ITEMS = Array.from({ length: 300 }, (_, at) => `item ${at}`);
const PAGE = 4096;

/** A closed `answers.db` with 300 answers of 30 requests, and one request on its way. */
async function filled(): Promise<{ home: string; path: string }> {
  const home = temporary();
  const answers = await openAnswers(openLayout(home));
  for (let at = 0; at < ITEMS.length; at += 10) {
    const own = ITEMS.slice(at, at + 10).map((item) => toStore(item, complete(`${item} ${'x'.repeat(300)}`)));
    await answers.saveRequest({ ...request(`request ${at}`, []), answers: own });
  }
  answers.markInFlight('open', [key('on its way')], { nowMs: NOW });
  answers.setResolvedModel('u', 'm', 'm-1', NOW);
  const { path } = answers.database;
  answers.close();
  return { home, path };
}

/** Overwrites the page in which the text is found last: a leaf, not a root that has kept an old copy. */
function hurt(path: string, text: string): void {
  const bytes = readFileSync(path);
  const page = Math.floor(bytes.lastIndexOf(text) / PAGE) * PAGE;
  bytes.fill(0xa5, page, page + PAGE);
  writeFileSync(path, bytes);
}

async function reopened(home: string): Promise<Answers> {
  const first = await openAnswers(openLayout(home));
  try {
    await first.lookup(ITEMS.map(key), 'repo');
  } catch (error) {
    expect(error).toMatchObject({ code: 'database-corrupt' });
  }
  if (first.notices.length > 0) return first;
  first.close();
  return openAnswers(openLayout(home));
}

describe('a damaged answers.db', () => {
  test('gives back what its whole pages hold, and nothing that is damaged', async () => {
    const { home, path } = await filled();
    hurt(path, JSON.stringify({ itemHash: factors('item 150').itemHash }).slice(1, -1));
    const answers = await reopened(home);
    expect(answers.notices.map(({ code }) => code)).toEqual(['database-rebuilt', 'answers-salvaged']);
    const found = await answers.lookup(ITEMS.map(key), 'repo');
    expect(found.size).toBeGreaterThan(200);
    expect(found.size).toBeLessThan(300);
    expect(answers.notices[1]?.message).toContain(`${found.size} paid answers`);
    for (const item of ITEMS) {
      const stored = found.get(key(item));
      if (stored !== undefined) expect(stored.answer.findings[0]?.title).toMatch(new RegExp(`^${item} x`));
    }
    expect(answers.resolvedModel('u', 'm')).toBe('m-1');
    expect(answers.markInFlight('other', [key('on its way')], { nowMs: NOW })).toEqual([]);
    expect(answers.database.pragma('quick_check')).toBe('ok');
    answers.close();
  });

  test.each([
    [
      'an index',
      'CREATE INDEX in_flight_request ON in_flight(request_id)',
      'CREATE INDEX in_flight_request ON in_flight(zzquest_id)',
    ],
    ['a table beside the answers', 'CREATE TABLE models (', 'CREATX TABLE models ('],
    ['a column of the answers', 'lens TEXT NOT NULL,', 'lenz TEXT NOT NULL,'],
  ])('whose definition of %s is damaged gives back every answer', async (_, before, after) => {
    const { home, path } = await filled();
    const bytes = readFileSync(path, 'latin1');
    expect(bytes).toContain(before);
    writeFileSync(path, bytes.replace(before, after), 'latin1');
    let answers: Answers | null = null;
    // The run that meets it may fail; the next one has what was paid for.
    for (let run = 0; answers === null && run < 2; run += 1)
      answers = await openAnswers(openLayout(home)).catch(() => null);
    expect((await answers?.lookup(ITEMS.map(key), 'repo'))?.size).toBe(ITEMS.length);
    const { providerUrl, model, resolvedModel } = factors('item 1');
    expect(answers?.resolvedModel(providerUrl, model)).toBe(resolvedModel);
    answers?.close();
  });

  test('whose first page is gone gives back nothing, and says so', async () => {
    const { home, path } = await filled();
    writeFileSync(path, Buffer.alloc(PAGE, 1), { flag: 'r+' });
    const answers = await openAnswers(openLayout(home));
    expect(answers.notices[1]).toEqual({
      code: 'answers-salvaged',
      message: '0 paid answers were read out of the damaged file',
    });
    expect(answers.totals().answers).toBe(0);
    answers.close();
  });

  test('cut short: what is left of it', async () => {
    const { home, path } = await filled();
    truncateSync(path, Math.floor((statSync(path).size * 0.9) / PAGE) * PAGE);
    const answers = await reopened(home);
    expect(answers.notices[0]?.code).toBe('database-rebuilt');
    expect((await answers.lookup(ITEMS.map(key), 'repo')).size).toBe(answers.totals().answers);
    answers.close();
  });

  test('an answer under a foreign key, or whose request is lost, is told apart', async () => {
    const { home, path } = await filled();
    const before = await openAnswers(openLayout(home));
    before.database.exec(`PRAGMA foreign_keys = OFF; DELETE FROM requests WHERE request_id = 'request 0'`);
    before.database.exec(`UPDATE answers SET item_key = 'forged' WHERE id = 20`);
    before.database.exec(`UPDATE in_flight SET request_id = 'request 0', boot = 'before'`);
    before.close();
    // Damage that leaves every row readable: a page of the index over keys.
    hurt(path, key('item 299'));
    writeFileSync(`${path}.suspect`, '');
    const answers = await openAnswers(openLayout(home));
    expect(answers.notices.map(({ code }) => code)).toEqual(['database-rebuilt', 'answers-salvaged']);
    const found = await answers.lookup([...ITEMS.map(key), 'forged'], 'repo');
    expect(found.has('forged')).toBe(false);
    expect(found.has(key('item 0'))).toBe(true);
    // What it cost is not known: its reservation stays spent.
    expect(answers.openRequests(NOW)).toMatchObject([{ requestId: 'request 0', usage: null }]);
    answers.close();
  });
});
