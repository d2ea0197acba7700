import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';

import { readJournal } from '../../src/store/journal.ts';

import { ask, cost, ledgerPath, open, withLedger } from './ledger-support.ts';

const log = (path: string) => path.replace('.db', '.log');

/** Two settled (30, 12), one open (7), one abandoned (50), one released. */
async function filled(path: string): Promise<void> {
  await withLedger(path, (ledger) => {
    for (const id of ['a', 'b', 'c', 'd', 'e'])
      ledger.reserve(ask(id, { a: 99, b: 40, c: 7, d: 50, e: 9 }[id] ?? 0));
    ledger.settle('a', cost(30, { estimated: true }));
    ledger.settle('b', cost(12));
    ledger.abandon('d');
    ledger.release('e');
  });
}

function lose(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
}

function loseCopies(path: string): void {
  for (const suffix of ['.1', '.2']) rmSync(log(path) + suffix, { force: true });
}

async function state(path: string, answersExist = true, now = Date.now) {
  return withLedger(
    path,
    (ledger) => ({
      spent: ledger.spent('run').spent.run,
      open: ledger.spent('run').open.run,
      totals: ledger.totals('model'),
      health: ledger.health(),
      notices: ledger.notices.map((notice) => notice.code),
    }),
    { answersExist: () => answersExist, now },
  );
}

const WHOLE = { spent: 92, open: 7, health: 'ok' };

async function checkHealed(path: string, notices: string[] = ['ledger-rebuilt']): Promise<void> {
  expect(await state(path)).toMatchObject({ ...WHOLE, notices });
  // Healed for good, and both halves say the same: either one makes the other again.
  expect(await state(path)).toMatchObject({ ...WHOLE, notices: [] });
  lose(path);
  loseCopies(path);
  expect(await state(path)).toMatchObject(WHOLE);
}

describe('one half lost', () => {
  test('the database: made again from the journal, entry by entry', async () => {
    const path = ledgerPath();
    await filled(path);
    const before = await state(path);
    lose(path);
    expect((await state(path)).totals).toEqual(before.totals);
    lose(path);
    await checkHealed(path);
  });

  test('the database: damaged in its header', async () => {
    const path = ledgerPath();
    await filled(path);
    writeFileSync(path, 'no database at all, but long enough to be looked at');
    await checkHealed(path, ['database-rebuilt', 'ledger-rebuilt']);
  });

  test('the database: damaged in the middle', async () => {
    const path = ledgerPath();
    await filled(path);
    await withLedger(path, () => {}); // Closing has brought the write-ahead log into the file.
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4096, bytes.length - 2048);
    writeFileSync(path, bytes);
    await checkHealed(path, ['database-rebuilt', 'ledger-rebuilt']);
    expect(readdirSync(dirname(path)).some((name) => name.startsWith('ledger.db.corrupt-'))).toBe(true);
  });

  test('the journal: written again from the database', async () => {
    const path = ledgerPath();
    await filled(path);
    rmSync(log(path));
    await checkHealed(path);
  });

  test('the journal: emptied, or replaced by something else', async () => {
    for (const content of ['', 'something else\n', '\u0000'.repeat(3000)]) {
      const path = ledgerPath();
      await filled(path);
      writeFileSync(log(path), content);
      await checkHealed(path);
    }
  });

  test('the journal: a line damaged in the middle', async () => {
    const path = ledgerPath();
    await filled(path);
    const text = readFileSync(log(path), 'utf8');
    writeFileSync(log(path), text.replace('"ticks":40', '"ticks":41'));
    // Of the same length: it is the daily look at every line that finds it.
    const tomorrow = Date.now() + 25 * 60 * 60 * 1000;
    const read = await state(path, true, () => tomorrow);
    expect(read).toMatchObject({ health: 'ok', notices: ['ledger-rebuilt'] });
    await checkHealed(path, []);
    expect(readdirSync(dirname(path)).some((name) => name.startsWith('ledger.log.damaged-'))).toBe(true);
  });

  test('while it is in use: the journal is written again by the next entry', async () => {
    const path = ledgerPath();
    const ledger = await open(path);
    ledger.reserve(ask('a', 10));
    rmSync(log(path));
    ledger.settle('a', cost(3));
    ledger.close();
    lose(path);
    loseCopies(path);
    expect(await state(path)).toMatchObject({ spent: 3, open: 0, health: 'ok' });
  });

  test('while it is in use: nothing is written into a database that is not there any more', async () => {
    const path = ledgerPath();
    const ledger = await open(path);
    ledger.reserve(ask('a', 10));
    renameSync(path, `${path}.moved`);
    expect(() => ledger.reserve(ask('b', 10))).toThrow('moved or replaced');
    ledger.close();
  });
});

describe('a writer that died', () => {
  test('within a journal line: the torn line is cut off, the rest goes on', async () => {
    for (const torn of ['0123456789abcdef {"g":"', 'x', '0123456789abcdef {"g":"é'.slice(0, -1)]) {
      const path = ledgerPath();
      await filled(path);
      appendFileSync(log(path), torn);
      await withLedger(path, (ledger) => ledger.settle('b', cost(12)));
      expect(readJournal(log(path))).toMatchObject({ torn: '', damaged: 0 });
      await checkHealed(path, []);
    }
  });

  test('within a journal line, and the database with it', async () => {
    const path = ledgerPath();
    await filled(path);
    appendFileSync(log(path), '0123456789abcdef {"g":"');
    lose(path);
    await checkHealed(path);
  });

  test('between journal and database: the database follows', async () => {
    const path = ledgerPath();
    await filled(path);
    copyFileSync(path, `${path}.before`);
    await withLedger(path, (ledger) => {
      ledger.settle('c', cost(2));
      ledger.reserve(ask('f', 5));
    });
    lose(path);
    copyFileSync(`${path}.before`, path);
    expect(await state(path)).toMatchObject({ spent: 94, open: 5, health: 'ok', notices: [] });
  });

  test('within the very first line: it is a new ledger', async () => {
    const path = ledgerPath();
    writeFileSync(log(path), '0123456789abcdef {"g":"01');
    expect(await state(path, false)).toMatchObject({ spent: 0, health: 'ok' });
  });
});

test('what either half lacks the other has, also where the journal is damaged', async () => {
  const path = ledgerPath();
  await filled(path);
  copyFileSync(path, `${path}.before`);
  await withLedger(path, (ledger) => ledger.settle('c', cost(2)));
  lose(path);
  copyFileSync(`${path}.before`, path);
  const text = readFileSync(log(path), 'utf8');
  writeFileSync(log(path), text.replace('"ticks":40', '"ticks":41'));
  // The database is behind by one entry, the journal has a line that it cannot read.
  expect(await state(path)).toMatchObject({ spent: 94, open: 0, health: 'ok' });
});

describe('an older half put back', () => {
  test('the journal: what it lacks stands in the database', async () => {
    const path = ledgerPath();
    await filled(path);
    copyFileSync(log(path), `${log(path)}.before`);
    await withLedger(path, (ledger) => ledger.settle('c', cost(2)));
    renameSync(`${log(path)}.before`, log(path));
    expect(await state(path)).toMatchObject({ spent: 94, open: 0, health: 'ok' });
    lose(path);
    expect(await state(path)).toMatchObject({ spent: 94, open: 0, health: 'ok' });
  });
});

describe('both halves lost', () => {
  test('with answers stored, what was spent is unknown, and nothing is bought until the user says', async () => {
    const path = ledgerPath();
    const options = { answersExist: () => true };
    const ledger = await open(path, options);
    expect(ledger.health()).toMatchObject({ reason: expect.stringMatching('paid for') });
    expect(() => ledger.reserve(ask('a', 1))).toThrow(
      expect.objectContaining({
        code: 'ledger-unknown',
        hint: expect.stringMatching('usage --accept-unknown'),
      }),
    );
    ledger.close();
    // Asked again, it has not become known.
    expect((await state(path, false)).health).not.toBe('ok');
    lose(path);
    expect((await state(path, false)).health).not.toBe('ok');
    await withLedger(path, (again) => again.acceptUnknown(), options);
    const health = await withLedger(
      path,
      (again) => [again.health(), again.reserve(ask('a', 1)).kind],
      options,
    );
    expect(health).toEqual(['ok', 'reserve']);
    lose(path);
    expect((await state(path)).health).toBe('ok');
  });

  test('without answers it is a new ledger', async () => {
    expect(await state(ledgerPath(), false)).toMatchObject({ spent: 0, open: 0, health: 'ok', notices: [] });
  });

  test('a damaged database and no journal: unknown, also where no answers are', async () => {
    const path = ledgerPath();
    await filled(path);
    rmSync(log(path));
    loseCopies(path);
    writeFileSync(path, 'no database at all, but long enough to be looked at');
    expect((await state(path, false)).health).not.toBe('ok');
  });

  test('the journal cannot be read either: unknown', async () => {
    const path = ledgerPath();
    await filled(path);
    lose(path);
    loseCopies(path);
    writeFileSync(log(path), '\u0000'.repeat(500));
    expect((await state(path, false)).health).not.toBe('ok');
  });

  test('the journal is gone, its copies know a part: that counts, the rest is unknown', async () => {
    const path = ledgerPath();
    let now = Date.parse('2026-05-20T12:00:00Z');
    await withLedger(path, (ledger) => ledger.settle('a', cost(30)), { now: () => now });
    now += 25 * 60 * 60 * 1000;
    await withLedger(path, (ledger) => ledger.settle('b', cost(12)), { now: () => now });
    lose(path);
    rmSync(log(path));
    await withLedger(
      path,
      (ledger) => {
        expect(ledger.totals('day').map((total) => total.ticks)).toEqual([30]);
        expect(ledger.health()).not.toBe('ok');
      },
      { now: () => now },
    );
  });

  test('a line of the journal is damaged: whole again where a copy has it, unknown where none has', async () => {
    for (const copied of [true, false]) {
      const path = ledgerPath();
      let now = Date.parse('2026-05-20T12:00:00Z');
      await withLedger(path, (ledger) => ledger.settle('a', cost(30)), { now: () => now });
      now += 25 * 60 * 60 * 1000;
      await withLedger(path, (ledger) => ledger.settle('b', cost(12)), { now: () => now });
      lose(path);
      const text = readFileSync(log(path), 'utf8');
      writeFileSync(log(path), text.replace('"ticks":30', '"ticks":31'));
      if (!copied) loseCopies(path);
      const read = await withLedger(
        path,
        (ledger) => ({ spent: ledger.spent().spent.month, health: ledger.health() }),
        { now: () => now },
      );
      if (copied) expect(read).toEqual({ spent: 42, health: 'ok' });
      else expect(read).toMatchObject({ spent: 12, health: { reason: expect.any(String) } });
    }
  });

  test('the end of a journal is cut away: known to the database, or unknown', async () => {
    const path = ledgerPath();
    await filled(path);
    const size = readFileSync(log(path)).length;
    truncateSync(log(path), size - 10);
    await checkHealed(path);
  });
});

test('copies rotate once a day, two are kept, each can be read', async () => {
  const path = ledgerPath();
  let now = Date.parse('2026-05-01T12:00:00Z');
  for (let day = 1; day <= 5; day += 1) {
    await withLedger(path, (ledger) => ledger.settle(`r${day}`, cost(day)), { now: () => now });
    await withLedger(path, () => {}, { now: () => now + 60_000 });
    now += 24 * 60 * 60 * 1000;
  }
  const lines = [log(path), `${log(path)}.1`, `${log(path)}.2`].map(
    (file) => readJournal(file)?.lines.length,
  );
  // The first line begins the journal; each copy was made by the day's opening, before its entry.
  expect(lines).toEqual([6, 5, 4]);
  expect(existsSync(`${log(path)}.3`)).toBe(false);
});
