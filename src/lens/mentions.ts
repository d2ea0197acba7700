import type { Range } from '../types.ts';

/** One name that a unit's text may mention, and the line that is then shown. */
export interface Entry {
  readonly name: string;
  readonly line: string;
  /** Header of the block that the line stands in; `''` outside of one. */
  readonly header: string;
  /** What may stand before `::`; null where the name is called bare, by neither a type nor a value. */
  readonly owners: readonly string[] | null;
  /** Test code is no context of other code. */
  readonly test: boolean;
}

interface Meanings {
  readonly bare: Entry[];
  readonly members: Entry[];
  readonly byOwner: Map<string, Entry[]>;
}

export interface NameTable {
  readonly byHash: ReadonlyMap<number, readonly (readonly [name: string, meanings: Meanings])[]>;
}

/** A hundred definitions of `new` in one file say nothing, and would make the work quadratic. */
const MAX_SAME_NAME = 12;

export function nameTable(entries: readonly Entry[]): NameTable {
  const byName = new Map<string, Meanings>();
  for (const entry of [...entries].sort(byLine)) {
    const meanings = byName.get(entry.name) ?? { bare: [], members: [], byOwner: new Map() };
    byName.set(entry.name, meanings);
    add(entry.owners === null ? meanings.bare : meanings.members, entry);
    for (const owner of entry.owners ?? []) {
      const owned = meanings.byOwner.get(owner) ?? [];
      meanings.byOwner.set(owner, owned);
      add(owned, entry);
    }
  }
  const byHash = new Map<number, [string, Meanings][]>();
  for (const named of byName) {
    const hash = hashOf(named[0]);
    byHash.set(hash, [...(byHash.get(hash) ?? []), named]);
  }
  return { byHash };
}

/** Order by name, then by what is shown: the order of the items in the file must not show. */
export function byLine(a: Entry, b: Entry): number {
  return (
    compare(a.name, b.name) ||
    compare(a.header, b.header) ||
    compare(a.line, b.line) ||
    Number(a.test) - Number(b.test)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function add(list: Entry[], entry: Entry): void {
  const last = list.at(-1);
  if (list.length < MAX_SAME_NAME && (last === undefined || byLine(last, entry) !== 0)) list.push(entry);
}

/**
 * Entries that a range of the text mentions, in one pass over it. A member counts only behind `.`, or
 * behind `::` and the name of its type or trait (`Self` is one of `self`): `Vec::new` is no mention of a
 * `new` in this file. Comments and literals count as text.
 */
export function mentioned(table: NameTable, text: string, range: Range, self: readonly string[]): Set<Entry> {
  const found = new Set<Entry>();
  for (let at = range.start; at < range.end; at += 1) {
    const from = at;
    let hash = SEED;
    for (let code = text.charCodeAt(at); at < range.end && isWord(code); code = text.charCodeAt(at)) {
      hash = mixed(hash, code);
      at += 1;
    }
    if (at === from) continue;
    for (const [name, meanings] of table.byHash.get(hash) ?? []) {
      if (name.length !== at - from || !text.startsWith(name, from)) continue;
      for (const entry of meant(meanings, text, from, range.start, self)) found.add(entry);
    }
  }
  return found;
}

/** What a name stands for, by what stands before it. */
function meant(
  { bare, members, byOwner }: Meanings,
  text: string,
  from: number,
  start: number,
  self: readonly string[],
): readonly Entry[] {
  if (from > start && text[from - 1] === '.') return members;
  if (from < start + 2 || !text.startsWith('::', from - 2)) return bare;
  let qualifier = from - 2;
  while (qualifier > start && isWord(text.charCodeAt(qualifier - 1))) qualifier -= 1;
  const owner = text.slice(qualifier, from - 2);
  // `Pool::<T>::new`, `<T as Make>::new`: whose it is would take types to know.
  if (owner === '') return [...bare, ...members];
  const owners = owner === 'Self' ? self : [owner];
  return [...bare, ...owners.flatMap((one) => byOwner.get(one) ?? [])];
}

const SEED = 0x811c9dc5;

/** One step of FNV-1a over UTF-16 units. */
function mixed(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

function hashOf(name: string): number {
  let hash = SEED;
  for (let at = 0; at < name.length; at += 1) hash = mixed(hash, name.charCodeAt(at));
  return hash;
}

/** Letters, digits, `_`, and whatever is not ASCII. */
function isWord(code: number): boolean {
  if (code < 0x5b) return code >= 0x41 || (code >= 0x30 && code <= 0x39);
  return (code >= 0x61 && code <= 0x7a) || code === 0x5f || code >= 0x80;
}
