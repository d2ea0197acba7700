import type { Item, SyntaxFile, Unit } from '../types.ts';
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
  const table = nameTable(entriesOf(syntax.items, blocks));
  return syntax.items.flatMap((item) => {
    if (!item.unit) return [];
    const text = syntax.text.slice(item.start, item.end);
    const contextText = contextOf(syntax.text, item, blocks[item.parent] ?? null, table);
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
  const header = block?.header ?? '';
  const own = `${header}\n${lineOf(item)}`;
  const entries = [...mentioned(table, file, item, block?.owners ?? [])]
    .filter((entry) => (item.test || !entry.test) && `${entry.header}\n${entry.line}` !== own)
    .sort(byLine);
  return rendered(header, entries);
}

/** The unit's own block first, then what stands in none, then other blocks, each with its members. */
function rendered(header: string, entries: readonly Entry[]): string {
  const blocks = new Map<string, string[]>([[header, []]]);
  if (header !== '') blocks.set('', []);
  for (const { header: head, line } of entries) {
    const lines = blocks.get(head);
    if (lines === undefined) blocks.set(head, [line]);
    else if (lines.at(-1) !== line) lines.push(line);
  }
  let context = '';
  for (const [head, lines] of blocks) {
    if (context.length + head.length > MAX_CONTEXT) break;
    if (head !== '') context += `${head} {\n`;
    for (const line of lines) {
      if (context.length + line.length > MAX_CONTEXT) break;
      context += head === '' ? `${line}\n` : `    ${line}\n`;
    }
    if (head !== '') context += '}\n';
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
    const owners = block === null || block.owners.length === 0 ? null : block.owners;
    return [{ name: item.name, line: lineOf(item), header: block?.header ?? '', owners, test: item.test }];
  });
}

function lineOf(item: Item): string {
  const line = withoutVisibility(item);
  return `${line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line};`;
}

function insideUnit(items: readonly Item[], item: Item): boolean {
  for (let at = items[item.parent]; at !== undefined; at = items[at.parent]) if (at.unit) return true;
  return false;
}
