import type { Range } from '../types/source.ts';
import type { Item, ItemKind, SyntaxFile } from '../types/syntax.ts';
import { lineIndex } from '../util/lines.ts';

/** A piece of a file that is found by itself: an item, the head of a block, or what lies between. */
export interface Chunk extends Range {
  readonly kind: ItemKind | 'rest';
  /** `''` where the language gives none. */
  readonly name: string;
  /** Within the file, `::`-joined. */
  readonly path: string;
  readonly signature: string;
  /** As written: `pub`, `pub(crate)`, or `''`. */
  readonly visibility: string;
  readonly doc: string;
  /** Attributes, then the text from the signature on; documentation is in `doc` alone. */
  readonly code: string;
  /** 1-based, of the first byte, documentation and attributes included. */
  readonly firstLine: number;
  /** 1-based, of the signature and of the last byte. */
  readonly startLine: number;
  readonly endLine: number;
  readonly test: boolean;
}

/** Their text says nothing by itself: they go with what lies between. */
const CONNECTING: ReadonlySet<ItemKind> = new Set(['use', 'mod', 'extern', 'extern crate']);
const WORD = /[\p{L}\p{N}]/u;
const INNER_DOC = /^[ \t]*\/\/!.*$/gm;

/**
 * The chunks of a file, in order; they do not overlap. Units are chunks, and so are small constants, aliases and
 * signatures, and the heads of blocks whose members are chunks. What is left between them is a chunk of kind `rest`
 * wherever there is a word in it.
 */
export function chunksOf(syntax: SyntaxFile): Chunk[] {
  const { text, items } = syntax;
  const lines = lineIndex(text);
  const own = items.flatMap((item, index) => (isOwn(items, item) ? [itemChunk(syntax, item, index)] : []));
  const chunks: Chunk[] = [];
  let covered = 0;
  const fill = (end: number): void => {
    const gap = trimmed(text, covered, end);
    if (gap === null) return;
    const startLine = lines.line(gap.start);
    const place = { firstLine: startLine, startLine, endLine: lines.line(gap.end - 1) };
    chunks.push({ ...restChunk(text, gap), ...place });
  };
  for (const chunk of own) {
    if (chunk.start < covered) continue;
    fill(chunk.start);
    chunks.push({ ...chunk, firstLine: lines.line(chunk.start), endLine: lines.line(chunk.end - 1) });
    covered = chunk.end;
  }
  fill(text.length);
  return chunks;
}

/** Not inside another unit, and more than a connection. */
function isOwn(items: readonly Item[], item: Item): boolean {
  if (CONNECTING.has(item.kind) && !item.unit) return false;
  for (let at = items[item.parent]; at !== undefined; at = items[at.parent]) if (at.unit) return false;
  return true;
}

function itemChunk({ text, items }: SyntaxFile, item: Item, index: number): Chunk {
  const end = item.unit ? item.end : headEnd(text, item, items[index + 1]);
  const attributes = item.attributes.filter((attribute) => !/^#!?\[doc\b/.test(attribute));
  return {
    kind: item.kind,
    name: item.name,
    path: item.path,
    signature: item.signature,
    visibility: item.visibility,
    doc: item.doc,
    code: [...attributes, text.slice(item.head, end)].join('\n'),
    firstLine: item.startLine,
    startLine: item.startLine,
    endLine: item.endLine,
    test: item.test,
    start: item.start,
    end,
  };
}

/** Of an item that is no unit: before its first member, else its end. */
function headEnd(text: string, item: Item, next: Item | undefined): number {
  if (next === undefined || next.start >= item.end) return item.end;
  return item.head + text.slice(item.head, next.start).trimEnd().length;
}

/** Without white space and closing braces at its ends; null where no word is left. */
function trimmed(text: string, from: number, to: number): Range | null {
  let start = from;
  let end = to;
  while (start < end && /[\s})\];,]/.test(text[start] as string)) start += 1;
  while (end > start && /\s/.test(text[end - 1] as string)) end -= 1;
  return WORD.test(text.slice(start, end)) ? { start, end } : null;
}

function restChunk(text: string, { start, end }: Range): Omit<Chunk, 'firstLine' | 'startLine' | 'endLine'> {
  const piece = text.slice(start, end);
  const doc = (piece.match(INNER_DOC) ?? []).map((line) => line.replace(/^[ \t]*\/\/! ?/, '')).join('\n');
  const code = piece.replace(INNER_DOC, '');
  return {
    kind: 'rest',
    name: '',
    path: '',
    signature: '',
    visibility: '',
    doc,
    code,
    test: false,
    start,
    end,
  };
}
