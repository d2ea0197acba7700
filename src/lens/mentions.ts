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

interface Meanings {
  readonly bare: Entry[];
  readonly members: Entry[];
  readonly byOwner: Map<string, Entry[]>;
}

export interface NameTable {
  /** 1 where the low bits of some name's hash point: most words of a text stop here. */
  readonly sieve: Uint8Array;
  readonly byHash: ReadonlyMap<number, readonly (readonly [name: string, meanings: Meanings])[]>;
}

const SEED = 0x811c9dc5;
const SIEVE = 4096;

/** 1 for ASCII letters, digits and `_`; what is not ASCII counts as a letter. */
const WORD = Uint8Array.from({ length: 128 }, (_, code) => Number(/\w/.test(String.fromCharCode(code))));

/** Definitions of one name that are shown for one mention: a hundred `new` in a file would make the work quadratic. */
const MAX_SAME_NAME = 12;
/** A method behind a value of unknown type is shown where so few types of the file have one of its name. */
const MAX_UNKNOWN = 3;

export function nameTable(entries: readonly Entry[]): NameTable {
  const byName = new Map<string, Meanings>();
  for (const entry of [...entries].sort(byLine)) {
    const meanings = byName.get(entry.name) ?? { bare: [], members: [], byOwner: new Map() };
    byName.set(entry.name, meanings);
    if (entry.owner === '') {
      add(meanings.bare, entry);
      continue;
    }
    add(meanings.members, entry);
    const owned = meanings.byOwner.get(entry.owner) ?? [];
    meanings.byOwner.set(entry.owner, owned);
    add(owned, entry);
  }
  const sieve = new Uint8Array(SIEVE);
  const byHash = new Map<number, [string, Meanings][]>();
  for (const named of byName) {
    const hash = hashOf(named[0]);
    sieve[hash & (SIEVE - 1)] = 1;
    byHash.set(hash, [...(byHash.get(hash) ?? []), named]);
  }
  return { sieve, byHash };
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
    if (table.sieve[hash & (SIEVE - 1)] === 0) continue;
    for (const [name, meanings] of table.byHash.get(hash) ?? []) {
      if (name.length !== at - from || !text.startsWith(name, from)) continue;
      for (const entry of meant(meanings, text, from, start, self)) found.add(entry);
    }
  }
  return found;
}

/** What a name stands for, by what stands before it. */
function meant(
  meanings: Meanings,
  text: string,
  from: number,
  start: number,
  self: readonly string[],
): readonly Entry[] {
  if (from > start && text[from - 1] === '.') {
    if (wordBefore(text, from - 1, start) === 'self') return membersOf(meanings, self);
    return meanings.members.length <= MAX_UNKNOWN ? meanings.members : [];
  }
  const qualified = from >= start + 2 && text.startsWith('::', from - 2);
  if (!qualified || meanings.byOwner.size === 0) return meanings.bare;
  const owner = wordBefore(text, from - 2, start);
  return [...meanings.bare, ...membersOf(meanings, owner === 'Self' ? self : [owner])];
}

function membersOf({ byOwner }: Meanings, owners: readonly string[]): readonly Entry[] {
  return owners.length === 1
    ? (byOwner.get(owners[0] ?? '') ?? [])
    : owners.flatMap((owner) => byOwner.get(owner) ?? []);
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
