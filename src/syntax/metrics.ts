import type { FileMetrics, Item, ItemKind } from '../types/syntax.ts';
import { parentOf } from '../util/items.ts';
import type { Mutable } from './draft.ts';

/** Sums and maxima over a file's functions, nested ones and tests included. */
export function fileMetrics(items: readonly Item[], lines: number): FileMetrics {
  const sum: Mutable<FileMetrics> = {
    lines,
    functions: 0,
    cognitive: 0,
    cognitiveMax: 0,
    cyclomatic: 0,
    cyclomaticMax: 0,
    functionLinesMax: 0,
    parametersMax: 0,
    nestingMax: 0,
    unsafeBlocks: 0,
    unwraps: 0,
    expects: 0,
    panics: 0,
    awaits: 0,
    publicItems: 0,
    documentedItems: 0,
  };
  const visible = visibility(items);
  items.forEach((item, index) => {
    if (visible[index] === 1 && isDocumentable(item)) {
      sum.publicItems += 1;
      if (item.doc !== '') sum.documentedItems += 1;
    }
    add(sum, item);
  });
  return sum;
}

function add(sum: Mutable<FileMetrics>, { metrics }: Item): void {
  if (metrics === null) return;
  sum.functions += 1;
  sum.cognitive += metrics.cognitive;
  sum.cognitiveMax = Math.max(sum.cognitiveMax, metrics.cognitive);
  sum.cyclomatic += metrics.cyclomatic;
  sum.cyclomaticMax = Math.max(sum.cyclomaticMax, metrics.cyclomatic);
  sum.functionLinesMax = Math.max(sum.functionLinesMax, metrics.lines);
  sum.parametersMax = Math.max(sum.parametersMax, metrics.parameters);
  sum.nestingMax = Math.max(sum.nestingMax, metrics.nesting);
  sum.unsafeBlocks += metrics.unsafeBlocks;
  sum.unwraps += metrics.unwraps;
  sum.expects += metrics.expects;
  sum.panics += metrics.panics;
  sum.awaits += metrics.awaits;
}

/** Blocks that add nothing to what their members are visible to. */
const TRANSPARENT: ReadonlySet<ItemKind> = new Set(['impl', 'extern', 'macro']);
/** Blocks without a documentation of their own, and names that are documented where they come from. */
const UNDOCUMENTED: ReadonlySet<ItemKind> = new Set(['impl', 'extern', 'use', 'extern crate']);

/**
 * Which items can be seen outside of the file, as 1: `pub` in any form but `pub(self)`, or exported, in
 * modules that are; members of a trait where the trait is. Tests and what stands in functions are not.
 */
function visibility(items: readonly Item[]): Uint8Array {
  const visible = new Uint8Array(items.length);
  const reachable = new Uint8Array(items.length);
  items.forEach((item, index) => {
    const around = parentOf(items, item);
    const within = around === undefined || reachable[item.parent] === 1;
    const shown = around?.kind === 'trait' ? visible[item.parent] === 1 : isExported(item);
    const open = within && !item.test;
    if (open && shown) visible[index] = 1;
    const passes = TRANSPARENT.has(item.kind) || ((item.kind === 'mod' || item.kind === 'trait') && shown);
    if (open && passes) reachable[index] = 1;
  });
  return visible;
}

function isExported({ kind, visibility, attributes }: Item): boolean {
  if (kind === 'macro' && visibility === '')
    return attributes.some((written) => written.includes('macro_export'));
  return visibility !== '' && !/^pub\s*\(\s*(?:in\s+)?self\s*\)$/.test(visibility);
}

/** A module in another file is documented there. */
function isDocumentable({ kind, body }: Item): boolean {
  return !UNDOCUMENTED.has(kind) && !(kind === 'mod' && body === null);
}
