import type { Range } from '../types/source.ts';
import { byText } from '../util/order.ts';

/** One name that a unit's text may mention, and the line that is then shown. */
export interface Entry {
  readonly name: string;
  readonly line: string;
  /** Header of the block that the line stands in; `''` outside of one. */
  readonly header: string;
  /** What stands before `::`; `''` where the name is called bare, by neither a type nor a value. */
  readonly owner: string;
  /** It stands in test code. */
  readonly test: boolean;
}

/** What one name stands for. */
interface Meanings {
  readonly name: string;
  readonly bare: Entry[];
  readonly members: Entry[];
  readonly byOwner: Map<string, Entry[]>;
}

export interface NameTable {
  /** 1 where the low bits of some name's hash point: most words of a text stop here. */
  readonly sieve: Uint8Array;
  readonly byHash: ReadonlyMap<number, readonly Meanings[]>;
}

const SEED = 0x811c9dc5;
const SIEVE = 4096;
const DOT = 46;

/** 1 for ASCII letters, digits and `_`; what is not ASCII counts as a letter. */
const WORD = Uint8Array.from({ length: 128 }, (_, code) => Number(/\w/.test(String.fromCharCode(code))));

/** Definitions of one name that are shown for one mention: a hundred `new` in a file would make the work quadratic. */
const MAX_SAME_NAME = 12;
/** A method behind a value of unknown type is shown where so few types of the file have one of its name. */
const MAX_UNKNOWN = 3;

export function nameTable(entries: readonly Entry[]): NameTable {
  const sieve = new Uint8Array(SIEVE);
  const byHash = new Map<number, Meanings[]>();
  let meanings: Meanings | undefined;
  // Those of one name follow each other.
  for (const entry of [...entries].sort(byLine)) {
    if (meanings?.name !== entry.name) {
      meanings = { name: entry.name, bare: [], members: [], byOwner: new Map() };
      const hash = hashOf(entry.name);
      sieve[hash & (SIEVE - 1)] = 1;
      listed(byHash, hash).push(meanings);
    }
    addMeaning(meanings, entry);
  }
  return { sieve, byHash };
}

function addMeaning({ bare, members, byOwner }: Meanings, entry: Entry): void {
  if (entry.owner === '') {
    add(bare, entry);
    return;
  }
  add(members, entry);
  add(listed(byOwner, entry.owner), entry);
}

/** The list of a key, made where there is none. */
function listed<Key, Value>(lists: Map<Key, Value[]>, key: Key): Value[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const list: Value[] = [];
  lists.set(key, list);
  return list;
}

/** Order by name, then by what is shown: the order of the items in the file must not show. */
export function byLine(a: Entry, b: Entry): number {
  return byText(a.name, b.name) || byText(a.header, b.header) || byText(a.line, b.line);
}

function add(list: Entry[], entry: Entry): void {
  const last = list.at(-1);
  if (list.length < MAX_SAME_NAME && (last === undefined || byLine(last, entry) !== 0)) list.push(entry);
}

/**
 * Entries that a range of the text mentions, in one pass over it. A member counts only behind `.`, or
 * behind `::` and the name of its type or trait: `Vec::new` is no mention of a `new` in this file. Behind
 * `self.` and `Self::` it is a member of `self`, the types and traits of the block around. Comments and
 * literals count as text.
 */
export function mentioned(table: NameTable, text: string, range: Range, self: readonly string[]): Set<Entry> {
  const found = new Set<Entry>();
  const { start, end } = range;
  for (let at = start; at < end; at += 1) {
    let code = text.charCodeAt(at);
    if (code < 128 && WORD[code] === 0) continue;
    const from = at;
    let hash = SEED;
    do {
      hash = mixed(hash, code);
      at += 1;
      code = text.charCodeAt(at);
    } while (at < end && (code >= 128 || WORD[code] === 1));
    const namesakes = table.sieve[hash & (SIEVE - 1)] === 0 ? undefined : table.byHash.get(hash);
    if (namesakes === undefined) continue;
    const meanings = meaningsOf(namesakes, text, from, at);
    if (meanings !== undefined) addMeant(found, meanings, text, from, start, self);
  }
  return found;
}

/** Those of the name that stands in `[from, to)`, among names of one hash. */
function meaningsOf(
  namesakes: readonly Meanings[],
  text: string,
  from: number,
  to: number,
): Meanings | undefined {
  for (const meanings of namesakes) {
    if (meanings.name.length === to - from && text.startsWith(meanings.name, from)) return meanings;
  }
  return undefined;
}

/** Adds what a name stands for, by what stands before it. */
function addMeant(
  found: Set<Entry>,
  { bare, members, byOwner }: Meanings,
  text: string,
  from: number,
  start: number,
  self: readonly string[],
): void {
  if (from > start && text.charCodeAt(from - 1) === DOT) {
    if (wordBefore(text, from - 1, start) === 'self') addOwned(found, byOwner, self);
    else if (members.length <= MAX_UNKNOWN) addAll(found, members);
    return;
  }
  addAll(found, bare);
  const owner = ownerBefore(text, from, start);
  if (owner === 'Self') addOwned(found, byOwner, self);
  else addAll(found, byOwner.get(owner));
}

/** The word whose member, by `::`, a name is; `''` for none. */
function ownerBefore(text: string, from: number, start: number): string {
  return from >= start + 2 && text.startsWith('::', from - 2) ? wordBefore(text, from - 2, start) : '';
}

function addOwned(found: Set<Entry>, byOwner: Meanings['byOwner'], owners: readonly string[]): void {
  for (const owner of owners) addAll(found, byOwner.get(owner));
}

function addAll(found: Set<Entry>, entries: readonly Entry[] | undefined): void {
  if (entries === undefined) return;
  for (const entry of entries) found.add(entry);
}

function wordBefore(text: string, end: number, start: number): string {
  let from = end;
  while (from > start && isWord(text.charCodeAt(from - 1))) from -= 1;
  return text.slice(from, end);
}

function isWord(code: number): boolean {
  return code >= 128 || WORD[code] === 1;
}

/** One step of FNV-1a over UTF-16 units. */
function mixed(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

function hashOf(name: string): number {
  let hash = SEED;
  for (let at = 0; at < name.length; at += 1) hash = mixed(hash, name.charCodeAt(at));
  return hash;
}
