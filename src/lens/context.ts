import type { Item, SyntaxFile } from '../types/syntax.ts';
import type { Unit } from '../types/unit.ts';
import { sha256 } from '../util/hash.ts';
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
  const blocks = syntax.items.map(blockOf);
  const all = entriesOf(syntax.items, blocks);
  // Test code is no context of other code: a new test must not make what it tests a new question.
  const table = nameTable(all.filter(({ test }) => !test));
  const testTable = all.some(({ test }) => test) ? nameTable(all) : table;
  return syntax.items.flatMap((item) => {
    if (!item.unit) return [];
    const text = syntax.text.slice(item.start, item.end);
    const contextText = contextOf(
      syntax.text,
      item,
      blocks[item.parent] ?? null,
      item.test ? testTable : table,
    );
    return [{ ...unitOf(item, text, contextText), text, contextText }];
  });
}

/** The same without the texts: what the plan needs. */
export function unitsOf(syntax: SyntaxFile): Unit[] {
  return unitTexts(syntax).map(({ text: _text, contextText: _context, ...unit }) => unit);
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

/** Everything that a unit of this file can mention: not what stands inside of another unit. */
function entriesOf(items: readonly Item[], blocks: readonly (Block | null)[]): Entry[] {
  return items.flatMap((item) => {
    if (insideUnit(items, item)) return [];
    if (item.kind === 'use') return importsOf(item);
    if (item.name === '' || item.kind === 'mod' || item.kind === 'extern crate') return [];
    const block = blocks[item.parent] ?? null;
    const { short = '', owner = '' } = block ?? {};
    return [{ name: item.name, line: lineOf(item), header: short, owner, test: item.test }];
  });
}

function lineOf(item: Item): string {
  const line = withoutVisibility(item).replace(/,$/, '');
  return `${line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line};`;
}

function insideUnit(items: readonly Item[], item: Item): boolean {
  for (let at = items[item.parent]; at !== undefined; at = items[at.parent]) if (at.unit) return true;
  return false;
}
