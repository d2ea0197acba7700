import type { Range } from '../types/source.ts';
import type { FunctionMetrics, Item } from '../types/syntax.ts';
import type { Draft } from './draft.ts';

/** Decides which items are units and settles their metrics. */
export function finishItems(drafts: readonly Draft[]): Item[] {
  const holdsUnit = new Uint8Array(drafts.length);
  for (let index = drafts.length - 1; index >= 0; index -= 1) {
    const draft = drafts[index] as Draft;
    const { item, open, weight } = draft;
    item.unit = open && (weight === 'unit' || (weight === 'unit-if-alone' && holdsUnit[index] === 0));
    item.metrics = metricsOf(draft);
    if ((item.unit || holdsUnit[index] === 1) && item.parent !== -1) holdsUnit[item.parent] = 1;
  }
  const items: Item[] = [];
  for (const { item } of drafts) items.push(item);
  return items;
}

function metricsOf({ item, counters, recursive }: Draft): FunctionMetrics | null {
  if (counters === null || item.broken) return null;
  return {
    ...counters,
    cognitive: counters.cognitive + (recursive ? 1 : 0),
    lines: item.endLine - item.startLine + 1,
  };
}

/** What lies between units, in order: with them it covers `[0, length)` once. */
export function restOf(items: readonly Item[], length: number): Range[] {
  const rest: Range[] = [];
  let covered = 0;
  for (const { unit, start, end } of items) {
    if (!unit) continue;
    if (start > covered) rest.push({ start: covered, end: start });
    covered = end;
  }
  if (length > covered) rest.push({ start: covered, end: length });
  return rest;
}
