import type { Finding } from '../types/finding.ts';
import type { Splitter } from './words.ts';

export interface FoundFinding {
  readonly path: string;
  readonly finding: Finding;
}

/** Words of the title and the rule tell more than those of the text. */
const TITLE = 2;

/**
 * The findings in which words of a query stand, the best first: over the words, how rare each is among the findings,
 * twice that where title or rule have it. There are few enough of them to need no index.
 */
export function rankedFindings(
  split: Splitter,
  terms: readonly string[],
  all: readonly FoundFinding[],
): (FoundFinding & { readonly score: number })[] {
  const wanted = new Set(terms);
  const said = all.map((found) => {
    const { rule, title, message, quote, item } = found.finding;
    const head = new Set(split(`${rule} ${title}`).filter((term) => wanted.has(term)));
    const body = split(`${message} ${quote} ${item} ${found.path}`).filter((term) => wanted.has(term));
    return { found, head, any: new Set([...head, ...body]) };
  });
  const among = (term: string): number => said.filter(({ any }) => any.has(term)).length;
  const rarity = new Map(terms.map((term) => [term, Math.log(1 + all.length / (1 + among(term)))]));
  return said
    .filter(({ any }) => any.size > 0)
    .map(({ found, head, any }) => {
      const score = [...any].reduce(
        (sum, term) => sum + (rarity.get(term) ?? 0) * (head.has(term) ? TITLE : 1),
        0,
      );
      return { ...found, score };
    })
    .sort((a, b) => b.score - a.score);
}
