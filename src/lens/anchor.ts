import type { LensFinding } from '../types/answer.ts';
import type { Range } from '../types/source.ts';
import { cleaned } from './clean.ts';
import { placeMeant, placesOf } from './evidence.ts';
import type { Searchable } from './evidence.ts';
import type { RawFinding, Replacement, SentItem } from './lens.ts';

const MAX_QUOTE = 1000;

export interface Anchored {
  readonly findings: readonly LensFinding[];
  /** Hashes of the items of the same file that findings rest on, sorted. */
  readonly cites: readonly string[];
  readonly unanchored: number;
  readonly repeated: number;
}

/**
 * The findings of one item whose quotes stand in it, each at its place, and the items of the same file
 * that their `related` quotes stand in. A related quote that stands in the item itself, or in no item of
 * its file, cites nothing: an answer can only rest on what is checked whenever the answer is used.
 */
export function anchorAll(
  raw: readonly RawFinding[],
  item: SentItem,
  company: readonly SentItem[],
  textOf: (item: SentItem) => Searchable,
): Anchored {
  const findings: LensFinding[] = [];
  const cites = new Set<string>();
  const taken = new Map<number, Set<number>>();
  let unanchored = 0;
  let repeated = 0;
  for (const finding of raw) {
    const places = placesOf(finding.quote, textOf(item));
    const first = places[0]?.start ?? -1;
    const used = taken.get(first) ?? new Set<number>();
    taken.set(first, used);
    const place = placeMeant(places, item.text, { line: finding.line, taken: used });
    if (place === null) {
      unanchored += 1;
      continue;
    }
    const anchored = findingAt(finding, place, item);
    if (findings.some((other) => saysTheSame(other, anchored))) {
      repeated += 1;
      continue;
    }
    used.add(place.start);
    findings.push(anchored);
    for (const quote of finding.related) {
      const cited = citedBy(quote, item, company, textOf);
      if (cited !== null) cites.add(cited);
    }
  }
  return { findings, cites: [...cites].sort(), unanchored, repeated };
}

/** The quote is kept as it stands in the text that was sent: redacted, and the same however the model wrote it. */
function findingAt(raw: RawFinding, { start, end }: Range, item: SentItem): LensFinding {
  const { severity, category, title, message, suggestion } = raw;
  return {
    quote: cleaned(item.text.slice(start, end), MAX_QUOTE),
    severity,
    category,
    title,
    message,
    suggestion,
    start: sourceOffset(item.replaced, start, 'start'),
    end: sourceOffset(item.replaced, end, 'end'),
  };
}

function saysTheSame(a: LensFinding, b: LensFinding): boolean {
  return a.start === b.start && a.end === b.end && a.category === b.category && a.title === b.title;
}

function citedBy(
  quote: string,
  item: SentItem,
  company: readonly SentItem[],
  textOf: (item: SentItem) => Searchable,
): string | null {
  if (placesOf(quote, textOf(item)).length > 0) return null;
  const cited = company.find((other) => placesOf(quote, textOf(other)).length > 0);
  return cited === undefined || cited.hash === item.hash ? null : cited.hash;
}

/** An offset of the redacted text in the text before; within a replacement, the edge of what was replaced. */
export function sourceOffset(
  replaced: readonly Replacement[],
  offset: number,
  edge: 'start' | 'end',
): number {
  let shift = 0;
  for (const { start, end, length } of replaced) {
    const from = start + shift;
    if (offset <= from) break;
    if (offset < from + length) return edge === 'start' ? start : end;
    shift += length - (end - start);
  }
  return offset - shift;
}
