import { randomBytes } from 'node:crypto';
import { renameSync, statSync } from 'node:fs';

import { ExternalError } from '../errors.ts';
import type { Notice } from '../types/run.ts';

import { asFault } from './fault.ts';
import type { Journal, JournalLine, LedgerEvent } from './journal.ts';
import {
  appendLine,
  copiesOf,
  cutTorn,
  readJournal,
  replaceJournal,
  rotateCopies,
  sizeOf,
} from './journal.ts';
import type { Rows } from './ledger-rows.ts';
import { usageOf } from './ledger-rows.ts';
import type { Database } from './sqlite.ts';

/**
 * The database and the journal as one book. Every event is written to the journal, which is on the disk
 * before the transaction that holds the lock commits: so the journal never knows less than the database,
 * and whichever is lost or behind is made again from the other.
 */
export interface Book {
  /** Runs `work` under the lock of all processes, with both halves in step. */
  write<Result>(work: () => Result): Result;
  /** Within `write` only. */
  record(event: LedgerEvent): void;
}

export interface BookOptions {
  readonly database: Database;
  readonly rows: Rows;
  readonly journalPath: string;
  readonly now: () => number;
  /** Why entries must be missing where neither half holds any; null where it is a new ledger. */
  readonly lostReason: () => string | null;
  readonly notices: Notice[];
}

const LOCK_TRIES = 3;
const COPY_EVERY_MS = 24 * 60 * 60 * 1000;

export function openBook(options: BookOptions): Book {
  const { database, rows, journalPath } = options;
  const inode = statSync(database.path).ino;

  function record(event: LedgerEvent): void {
    const n = Number(rows.getState('n')) + 1;
    const bytes = append(journalPath, { g: rows.getState('generation') as string, n, event });
    rows.apply(event);
    rows.setState('n', String(n));
    rows.setState('bytes', String(Number(rows.getState('bytes')) + bytes));
  }
  function write<Result>(work: () => Result): Result {
    for (let tries = 1; ; tries += 1) {
      let begun = false;
      try {
        return database.transaction(() => {
          begun = true;
          requireSameFile(database.path, inode);
          if (rows.getState('bytes') !== String(sizeOf(journalPath))) bringInStep(options, record);
          return work();
        });
      } catch (error) {
        // SQLite's lock has no queue: among many writers one can be unlucky for all of its busy timeout.
        if (begun || tries === LOCK_TRIES || !isLocked(error)) throw error;
      }
    }
  }
  write(() => copyWhenDue(options, record));
  return { write, record };
}

function isLocked(error: unknown): boolean {
  return error instanceof ExternalError && error.code === 'database-busy';
}

function append(path: string, line: JournalLine): number {
  try {
    return appendLine(path, line);
  } catch (error) {
    throw asFault(error, path);
  }
}

/** Another process may have set a damaged file aside, or the user may have moved it: never write into the old one. */
function requireSameFile(path: string, inode: number): void {
  if (statSync(path, { throwIfNoEntry: false })?.ino === inode) return;
  throw new ExternalError('ledger-replaced', `${path} was moved or replaced while it was in use`, {
    hint: 'Run the command again.',
  });
}

function bringInStep(options: BookOptions, record: Book['record']): void {
  const { rows, journalPath } = options;
  const journal = readJournal(journalPath);
  if (rows.getState('generation') === null) return rebuildRows(options, journal, record);
  if (journal !== null && continues(rows, journal)) {
    const known = Number(rows.getState('n'));
    for (const line of journal.lines) if (line.n > known) rows.apply(line.event);
    if (journal.torn !== '') cutTorn(journalPath, journal.bytes);
    return noteState(rows, journal.lines, journal.bytes);
  }
  // What is unknown or accepted the database knows better.
  for (const { event } of journal?.lines ?? []) if ('id' in event) rows.apply(event);
  rewriteJournal(options, 'ledger.log was lost or damaged: written again from ledger.db');
}

/** The journal holds at least what the database last wrote into it, and nothing in it is damaged. */
function continues(rows: Rows, journal: Journal): boolean {
  const last = journal.lines[journal.lines.length - 1];
  if (last === undefined || journal.damaged > 0 || journal.bytes < Number(rows.getState('bytes')))
    return false;
  return last.g === rows.getState('generation') && isGapless(journal.lines, last.g);
}

function isGapless(lines: readonly JournalLine[], generation: string): boolean {
  return lines.every((line, index) => line.g === generation && line.n === index + 1);
}

/** The database is new: everything there is stands in the journal and its copies. */
function rebuildRows(options: BookOptions, journal: Journal | null, record: Book['record']): void {
  const { rows, journalPath, notices, now } = options;
  const lines = newestGeneration(journal, copiesOf(journalPath).map(readJournal));
  const last = lines[lines.length - 1];
  if (last === undefined) return begin(options, journal, record);

  for (const line of lines) rows.apply(line.event);
  if (journal !== null && journal.damaged === 0 && isGapless(journal.lines, last.g)) {
    if (journal.torn !== '') cutTorn(journalPath, journal.bytes);
    noteState(rows, lines, journal.bytes);
    notices.push({
      code: 'ledger-rebuilt',
      message: 'ledger.db was lost or damaged: made again from ledger.log',
    });
    return;
  }
  // The copies fill what is damaged in the middle; nothing tells what came after the last line there is.
  const end = journal?.lines[journal.lines.length - 1];
  const complete = isGapless(lines, last.g) && end?.g === last.g && end.n === last.n && journal?.torn === '';
  rewriteJournal(options, 'ledger.db was lost or damaged: made again from ledger.log and its copies');
  if (!complete)
    record({ op: 'unknown', at: now(), reason: 'ledger.db is lost and entries of ledger.log are missing' });
}

function begin(options: BookOptions, journal: Journal | null, record: Book['record']): void {
  const { rows, journalPath, now, lostReason } = options;
  const unreadable = journal !== null && !isBarelyBegun(journal);
  if (unreadable) keepDamaged(journalPath, now());
  else if (journal !== null) cutTorn(journalPath, 0);
  rows.setState('generation', newGeneration());
  rows.setState('n', '0');
  rows.setState('bytes', '0');
  record({ op: 'begin', at: now() });
  const reason = unreadable ? 'ledger.db is lost and ledger.log cannot be read' : lostReason();
  if (reason !== null) record({ op: 'unknown', at: now(), reason });
}

/** Its first writer died in the first line: nothing was ever recorded. */
function isBarelyBegun({ damaged, bytes, torn }: Journal): boolean {
  return damaged === 0 && bytes === 0 && torn.length < 200 && /^[0-9a-f]{0,16}( \{.*)?$/.test(torn);
}

/** Lines of the journal's generation, or of the newest copy's, each once, in order. */
function newestGeneration(journal: Journal | null, copies: readonly (Journal | null)[]): JournalLine[] {
  const sources = [journal, ...copies].map((each) => each?.lines ?? []);
  const generation = sources.find((lines) => lines.length > 0)?.at(-1)?.g;
  const own = sources.flat().filter((line) => line.g === generation);
  const byNumber = new Map(own.map((line) => [line.n, line]));
  return [...byNumber.values()].sort((a, b) => a.n - b.n);
}

function rewriteJournal(options: BookOptions, message: string): void {
  const { rows, journalPath, notices, now } = options;
  if (sizeOf(journalPath) >= 0) keepDamaged(journalPath, now());
  const lines = linesOf(rows, newGeneration(), now());
  noteState(rows, lines, replaceJournal(journalPath, lines));
  rows.setState('copied', '0');
  rows.setState('copied_n', '');
  notices.push({ code: 'ledger-rebuilt', message });
}

/** The table as a journal that would make it. */
function linesOf(rows: Rows, generation: string, at: number): JournalLine[] {
  const events: LedgerEvent[] = [{ op: 'begin', at }];
  for (const row of rows.all()) {
    const { request_id: id, run_id: run, repo_id: repo, model, reserved: ticks, owner } = row;
    events.push({ op: 'reserve', at: row.at, id, run, repo, model, ticks, owner });
    const closed = row.closed_at ?? row.at;
    if (row.state === 'settled') events.push({ op: 'settle', at: closed, id, usage: usageOf(row) });
    if (row.state === 'released') events.push({ op: 'release', at: closed, id });
    if (row.state === 'abandoned') events.push({ op: 'abandon', at: closed, id });
  }
  const reason = rows.getState('unknown') ?? '';
  if (reason !== '') events.push({ op: 'unknown', at, reason });
  return events.map((event, index) => ({ g: generation, n: index + 1, event }));
}

function noteState(rows: Rows, lines: readonly JournalLine[], bytes: number): void {
  const last = lines[lines.length - 1] as JournalLine;
  rows.setState('generation', last.g);
  rows.setState('n', String(last.n));
  rows.setState('bytes', String(bytes));
}

/** Once a day, and only of a journal whose every line was looked at. */
function copyWhenDue(options: BookOptions, record: Book['record']): void {
  const { rows, journalPath, now } = options;
  const passed = now() - Number(rows.getState('copied') ?? 0);
  // A clock that was set back must not keep copies from being made.
  if (Math.abs(passed) < COPY_EVERY_MS || rows.getState('copied_n') === rows.getState('n')) return;
  bringInStep(options, record);
  rotateCopies(journalPath);
  rows.setState('copied', String(now()));
  rows.setState('copied_n', rows.getState('n') as string);
}

function keepDamaged(journalPath: string, nowMs: number): void {
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d+Z$/g, '');
  renameSync(journalPath, `${journalPath}.damaged-${time}`);
}

function newGeneration(): string {
  return randomBytes(6).toString('hex');
}
