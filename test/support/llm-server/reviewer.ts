/** An item as a request shows it. */
export interface ShownItem {
  readonly id: number;
  readonly text: string;
}

/** The items of a message in the review lens's wire form. */
export function itemsOf(message: string): ShownItem[] {
  return [...message.matchAll(/<item id="(\d+)">\n([\s\S]*?)\n?<\/item>/g)].map((match) => ({
    id: Number(match[1]),
    text: match[2] as string,
  }));
}

/** One finding for each item that unwraps or calls `grave`, which is worse; its quote is the line that does. */
export function reviewOf({ id, text }: ShownItem) {
  const line = text.split('\n').find((each) => /unwrap\(\)|grave\(\)/.test(each));
  const finding = {
    quote: line?.trim() ?? '',
    severity: line?.includes('grave()') === true ? 'high' : 'medium',
    category: 'error-handling',
    title: 'Panics where the value is absent',
    message: 'unwrap() ends the program where an error could be returned.',
    suggestion: 'Return the error with `?`.',
    related: [],
  };
  return { id, findings: line === undefined ? [] : [finding] };
}

/** How an answer's ids can be wrong. */
export type IdFault = 'omitted' | 'foreign' | 'duplicate' | 'reversed';

/** The answer to a review request as JSON text. */
export function reviewAnswer(items: readonly ShownItem[], fault?: IdFault): string {
  const reviews = items.map(reviewOf);
  switch (fault) {
    case 'omitted':
      return JSON.stringify({ items: reviews.slice(0, -1) });
    case 'foreign':
      return JSON.stringify({ items: [...reviews, { id: 9999, findings: [] }] });
    case 'duplicate':
      return JSON.stringify({ items: [...reviews, ...reviews.slice(0, 1)] });
    case 'reversed':
      return JSON.stringify({ items: reviews.reverse() });
    default:
      return JSON.stringify({ items: reviews });
  }
}
