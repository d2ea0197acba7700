import type { Item, SyntaxFile } from '../types/syntax.ts';
import type { Unit } from '../types/unit.ts';
import { sha256 } from '../util/hash.ts';
import { parentOf } from '../util/items.ts';
import { blockOf, withoutVisibility } from './blocks.ts';
import type { Block } from './blocks.ts';
import { importsOf } from './imports.ts';
import { byLine, mentioned, nameTable } from './mentions.ts';
import type { Entry, NameTable } from './mentions.ts';

/** Characters of context at most; what comes later in the order is left out. */
const MAX_CONTEXT = 4096;
const MAX_LINE = 400;

/** A unit with the text that the model is shown. */
export interface UnitText extends Unit {
  readonly text: string;
  /** May be empty. */
  readonly contextText: string;
}

/**
 * The units of a file in their order, with the context of each: the header of the block around it, then
 * what its text mentions of the file's other items, by name: signatures, imports. Nothing in it tells
 * where in the file or in the repository the unit stands, so that an item that moves keeps its key. The
 * file's rest is shown in no other way: what is sent is hashed. Linear in the file's size.
 */
export function unitTexts(syntax: SyntaxFile): UnitText[] {
  return eachUnit(syntax, (item, text, contextText) => ({
    ...unitOf(item, text, contextText),
    text,
    contextText,
  }));
}

/** The same without the texts: what the plan needs. */
export function unitsOf(syntax: SyntaxFile): Unit[] {
  return eachUnit(syntax, unitOf);
}

function eachUnit<T>(
  syntax: SyntaxFile,
  unitWith: (item: Item, text: string, contextText: string) => T,
): T[] {
  const blocks = blocksOf(syntax.items);
  const all = entriesOf(syntax.items, blocks);
  // Test code is no context of other code: a new test must not make what it tests a new question.
  const table = nameTable(all.filter(({ test }) => !test));
  const testTable = all.some(({ test }) => test) ? nameTable(all) : table;
  const units: T[] = [];
  for (const item of syntax.items) {
    if (!item.unit) continue;
    const text = syntax.text.slice(item.start, item.end);
    const around = item.parent === -1 ? null : (blocks[item.parent] as Block | null);
    units.push(unitWith(item, text, contextOf(syntax.text, item, around, item.test ? testTable : table)));
  }
  return units;
}

function unitOf(item: Item, text: string, contextText: string): Unit {
  return {
    hash: sha256(text),
    context: sha256(contextText),
    path: item.path,
    kind: item.kind,
    start: item.start,
    end: item.end,
    bytes: Buffer.byteLength(text) + Buffer.byteLength(contextText),
    test: item.test,
  };
}

function contextOf(file: string, item: Item, block: Block | null, table: NameTable): string {
  const header = block?.short ?? '';
  const line = lineOf(item);
  const entries = [...mentioned(table, file, item, block?.self ?? [])]
    .filter((entry) => entry.line !== line || entry.header !== header)
    .sort(byLine);
  return rendered(block, entries);
}

/** The unit's own block first, then what stands in none, then other blocks, each with its members. */
function rendered(block: Block | null, entries: readonly Entry[]): string {
  const groups = new Map<string, string[]>([
    [block?.short ?? '', []],
    ['', []],
  ]);
  for (const { header, line } of entries) {
    const lines = groups.get(header);
    if (lines === undefined) groups.set(header, [line]);
    else if (lines.at(-1) !== line) lines.push(line);
  }
  let context = '';
  for (const [short, lines] of groups) {
    const header = short === block?.short ? block.header : short;
    if (context.length + header.length > MAX_CONTEXT) break;
    if (header !== '') context += `${header} {\n`;
    for (const line of lines) {
      if (context.length + line.length > MAX_CONTEXT) break;
      context += header === '' ? `${line}\n` : `  ${line}\n`;
    }
    if (header !== '') context += '}\n';
  }
  return context;
}

function blocksOf(items: readonly Item[]): (Block | null)[] {
  const blocks: (Block | null)[] = [];
  for (const item of items) blocks.push(blockOf(item));
  return blocks;
}

/** Everything that a unit of this file can mention: not what stands inside of another unit. */
function entriesOf(items: readonly Item[], blocks: readonly (Block | null)[]): Entry[] {
  const entries: Entry[] = [];
  for (const item of items) {
    if (insideUnit(items, item)) continue;
    if (item.kind === 'use') for (const entry of importsOf(item)) entries.push(entry);
    else if (item.name !== '' && item.kind !== 'mod' && item.kind !== 'extern crate')
      entries.push(entryOf(item, item.parent === -1 ? null : (blocks[item.parent] as Block | null)));
  }
  return entries;
}

function entryOf(item: Item, block: Block | null): Entry {
  const header = block === null ? '' : block.short;
  const owner = block === null ? '' : block.owner;
  return { name: item.name, line: lineOf(item), header, owner, test: item.test };
}

function lineOf(item: Item): string {
  const shown = withoutVisibility(item);
  const line = shown.endsWith(',') ? shown.slice(0, -1) : shown;
  return `${line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line};`;
}

function insideUnit(items: readonly Item[], item: Item): boolean {
  for (let at = parentOf(items, item); at !== undefined; at = parentOf(items, at)) if (at.unit) return true;
  return false;
}
