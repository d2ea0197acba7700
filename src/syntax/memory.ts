import * as FLAG from './flags.ts';
import { ERROR } from './kinds.ts';
import { roomFor } from './table.ts';
import type { NodeTable } from './table.ts';

/** The wasm heap as the runtime shows it; the views are replaced when it grows. */
export interface Memory {
  readonly HEAPU32: Uint32Array;
  readonly HEAPU16: Uint16Array;
}

/** What of the grammar's tables is needed to read a tree. */
export interface Layout {
  /** Code of `kinds.ts` by symbol. */
  readonly codes: Uint8Array;
  /** Index into HEAPU16. */
  readonly aliases: number;
  readonly aliasesPerProduction: number;
}

// Words of `SubtreeHeapData` (tree-sitter's lib/src/subtree.h, 32-bit pointers).
const PADDING_BYTES = 1;
const SIZE_BYTES = 4;
const ERROR_COST = 8;
const CHILD_COUNT = 9;
const SYMBOL = 10;
const BITS = 11;
const VISIBLE_DESCENDANTS = 14;
const PRODUCTION = 16;
// Bits of its bit field, and of the inline form's first byte, whose lowest bit tells the two forms apart.
const HEAP_VISIBLE = 1;
const HEAP_EXTRA = 4;
const HEAP_MISSING = 512;
const INLINE = 1;
const INLINE_VISIBLE = 2;
const INLINE_EXTRA = 8;
const INLINE_MISSING = 32;
const WORDS_PER_SUBTREE = 2;
const FRAME = 5;
const ERROR_SYMBOL = 0xffff;

/** Word offsets in `TSLanguage` (ABI 14), the symbol count first. */
const LANGUAGE = { symbols: 1, aliases: 2, aliasLength: 9, publicSymbols: 19, aliasSequences: 21 } as const;

/**
 * Reads the grammar's tables. `codeOf` gives the code of a public symbol, the one that node types go by.
 */
export function readLayout(memory: Memory, language: number, codeOf: (symbol: number) => number): Layout {
  const words = memory.HEAPU32;
  const at = language >>> 2;
  const count = (words[at + LANGUAGE.symbols] as number) + (words[at + LANGUAGE.aliases] as number);
  const publicSymbols = (words[at + LANGUAGE.publicSymbols] as number) >>> 1;
  const codes = new Uint8Array(ERROR_SYMBOL + 1);
  for (let symbol = 0; symbol < count; symbol += 1) {
    codes[symbol] = codeOf(memory.HEAPU16[publicSymbols + symbol] as number);
  }
  codes[ERROR_SYMBOL] = ERROR;
  return {
    codes,
    aliases: (words[at + LANGUAGE.aliasSequences] as number) >>> 1,
    aliasesPerProduction: (words[at + LANGUAGE.aliasLength] as number) & 0xffff,
  };
}

/**
 * Copies the visible nodes of a tree into `spare`, or a larger table, offsets shifted by `base` UTF-16 units. It reads the
 * tree where it lies in wasm memory: a cursor crosses into wasm several times a node, which over a whole
 * tree costs as much as the parse, this a twentieth of it. The layout is that of the pinned
 * `web-tree-sitter`; a test holds it against the public cursor, so that an upgrade cannot go wrong unseen.
 */
export function readTree(
  memory: Memory,
  layout: Layout,
  tree: number,
  spare: NodeTable,
  base: number,
): NodeTable {
  const root = tree >>> 2;
  const table = roomFor(spare, visibleNodes(memory.HEAPU32, root));
  table.count = copyNodes(memory, layout, root, table, base);
  return table;
}

/** One long loop over local variables, since it runs for every node of every file; the number of nodes. */
function copyNodes(
  { HEAPU32: words, HEAPU16: halves }: Memory,
  { codes, aliases, aliasesPerProduction }: Layout,
  root: number,
  { kind, start, end, next, flags }: NodeTable,
  base: number,
): number {
  let frames = new Int32Array(FRAME * 1024);
  let depth = 0;
  let count = 0;
  let position = 0;
  // The subtree to read, where its siblings end, its parent's aliases, its place among the
  // siblings that aliases count, and the table row whose subtree ends with the siblings.
  let at = root;
  let stop = at + WORDS_PER_SUBTREE;
  let alias = 0;
  let place = 0;
  let owner = -1;
  for (;;) {
    if (at === stop) {
      if (owner !== -1) next[owner] = count;
      if (depth === 0) return count;
      depth -= FRAME;
      at = frames[depth] as number;
      stop = frames[depth + 1] as number;
      alias = frames[depth + 2] as number;
      place = frames[depth + 3] as number;
      owner = frames[depth + 4] as number;
      continue;
    }
    const word = words[at] as number;
    const data = word >>> 2;
    let symbol = (word >>> 8) & 0xff;
    let shown = word & INLINE_VISIBLE;
    let counts = (word & INLINE_EXTRA) === 0;
    let from = position;
    let to = position;
    let flag = 0;
    let children = 0;
    if ((word & INLINE) !== 0) {
      const sizes = words[at + 1] as number;
      from += (sizes >>> 16) & 0xff;
      to = from + (sizes >>> 24);
      if ((word & INLINE_MISSING) !== 0) flag = FLAG.error | FLAG.missing;
    } else {
      const bits = words[data + BITS] as number;
      symbol = (words[data + SYMBOL] as number) & 0xffff;
      shown = bits & HEAP_VISIBLE;
      counts = (bits & HEAP_EXTRA) === 0;
      from += words[data + PADDING_BYTES] as number;
      to = from + (words[data + SIZE_BYTES] as number);
      if ((bits & HEAP_MISSING) !== 0) flag = FLAG.error | FLAG.missing;
      else if (words[data + ERROR_COST] !== 0) flag = FLAG.error;
      children = words[data + CHILD_COUNT] as number;
    }
    at += WORDS_PER_SUBTREE;
    if (counts) {
      const other = alias === 0 ? 0 : (halves[alias + place] as number);
      if (other !== 0) {
        symbol = other;
        shown = 1;
      }
      place += 1;
    }
    if (shown !== 0) {
      kind[count] = codes[symbol] as number;
      start[count] = base + (from >>> 1);
      end[count] = base + (to >>> 1);
      flags[count] = flag;
      count += 1;
      next[count - 1] = count;
    }
    if (children === 0) {
      position = to;
      continue;
    }
    if (depth + FRAME > frames.length) frames = widened(frames);
    frames[depth] = at;
    frames[depth + 1] = stop;
    frames[depth + 2] = alias;
    frames[depth + 3] = place;
    frames[depth + 4] = owner;
    depth += FRAME;
    const production = (words[data + PRODUCTION] as number) >>> 16;
    at = data - children * WORDS_PER_SUBTREE;
    stop = data;
    alias = production === 0 ? 0 : aliases + production * aliasesPerProduction;
    place = 0;
    owner = shown !== 0 ? count - 1 : -1;
  }
}

function widened(frames: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(frames.length * 2);
  wider.set(frames);
  return wider;
}

/** How many nodes a cursor over the tree would visit. */
function visibleNodes(words: Uint32Array, root: number): number {
  const word = words[root] as number;
  if ((word & INLINE) !== 0) return 1;
  const data = word >>> 2;
  return words[data + CHILD_COUNT] === 0 ? 1 : 1 + (words[data + VISIBLE_DESCENDANTS] as number);
}
