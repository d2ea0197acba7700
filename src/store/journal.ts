import {
  closeSync,
  copyFileSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

import { systemCode } from '../errors.ts';
import type { Usage } from '../types/answer.ts';
import { sha256 } from '../util/hash.ts';

/** What can happen to the ledger; `at` is milliseconds since the epoch. */
export type LedgerEvent =
  /** The first line of a generation. */
  | { readonly op: 'begin'; readonly at: number }
  /** Entries were lost: what is spent is unknown, until the user accepts that. */
  | { readonly op: 'unknown'; readonly at: number; readonly reason: string }
  | { readonly op: 'accept'; readonly at: number }
  | ({ readonly op: 'reserve' } & Reservation)
  | { readonly op: 'settle'; readonly at: number; readonly id: string; readonly usage: Usage }
  | { readonly op: 'release'; readonly at: number; readonly id: string }
  | { readonly op: 'abandon'; readonly at: number; readonly id: string };

export interface Reservation {
  readonly at: number;
  /** Request id. */
  readonly id: string;
  readonly run: string;
  readonly repo: string;
  readonly model: string;
  /** Worst case. */
  readonly ticks: number;
  /** Host and process that may settle it. */
  readonly owner: string;
}

export interface JournalLine {
  /** Generation: lines of one are numbered from 1 without a gap. */
  readonly g: string;
  readonly n: number;
  readonly event: LedgerEvent;
}

export interface Journal {
  readonly lines: readonly JournalLine[];
  /** Bytes up to the end of the last whole line. */
  readonly bytes: number;
  /** What stands after it: a line whose writer died. */
  readonly torn: string;
  /** Whole lines that cannot be read. */
  readonly damaged: number;
}

const CHECKSUM = 16;

/** One line: the first 16 hex of the JSON's sha256, a blank, the JSON. */
export function encodeLine(line: JournalLine): string {
  const json = JSON.stringify(line);
  return `${sha256(json).slice(0, CHECKSUM)} ${json}\n`;
}

/** Reads a journal; null where there is none. */
export function readJournal(path: string): Journal | null {
  const content = readIfThere(path);
  if (content === null) return null;
  const bytes = content.lastIndexOf('\n') + 1;
  const whole = bytes === 0 ? [] : content.toString('utf8', 0, bytes - 1).split('\n');
  const lines = whole.map(decodeLine).filter((line) => line !== null);
  return { lines, bytes, torn: content.toString('utf8', bytes), damaged: whole.length - lines.length };
}

/** Bytes of a file, -1 where there is none. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? -1;
}

/** Appends a line and waits for the disk. Returns the bytes written. */
export function appendLine(path: string, line: JournalLine): number {
  const bytes = Buffer.from(encodeLine(line));
  const isNew = sizeOf(path) < 0;
  const file = openSync(path, 'a', 0o600);
  try {
    // A short write would tear the line: the rest follows, or the caller fails and the tear is healed.
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (isNew) syncDirectory(path);
  return bytes.length;
}

/** Cuts off a torn last line. The caller holds the ledger's lock. */
export function cutTorn(path: string, bytes: number): void {
  const file = openSync(path, 'r+');
  try {
    ftruncateSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Writes a whole journal, at once or not at all. Returns its bytes. */
export function replaceJournal(path: string, lines: Iterable<JournalLine>): number {
  const temporary = `${path}.new`;
  let bytes = 0;
  const file = openSync(temporary, 'w', 0o600);
  try {
    for (const line of lines) bytes += writeSync(file, encodeLine(line));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncDirectory(path);
  return bytes;
}

/** Rotating copies, the newest first. */
export function copiesOf(path: string): readonly string[] {
  return [`${path}.1`, `${path}.2`];
}

/** The journal becomes the newest copy, the newest the older one. */
export function rotateCopies(path: string): void {
  const [newest, older] = copiesOf(path) as [string, string];
  const temporary = `${path}.copy`;
  copyFileSync(path, temporary);
  const file = openSync(temporary, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (sizeOf(newest) >= 0) renameSync(newest, older);
  renameSync(temporary, newest);
  syncDirectory(path);
}

/** A rename or a new name is on the disk once its directory is. */
function syncDirectory(path: string): void {
  const directory = openSync(dirname(path), 'r');
  try {
    fsyncSync(directory);
  } catch (error) {
    // Some file systems have no fsync for directories; there is nothing better to do on them.
    if (!['EINVAL', 'ENOTSUP', 'EPERM', 'EISDIR'].includes(systemCode(error))) throw error;
  } finally {
    closeSync(directory);
  }
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function decodeLine(text: string): JournalLine | null {
  const json = text.slice(CHECKSUM + 1);
  if (text[CHECKSUM] !== ' ' || sha256(json).slice(0, CHECKSUM) !== text.slice(0, CHECKSUM)) return null;
  return JSON.parse(json) as JournalLine;
}
