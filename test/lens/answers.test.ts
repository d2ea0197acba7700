import { describe, expect, it } from 'vitest';
import { outcomeOf, readRecordings } from '../../scripts/replay-model.ts';
import { reviewLens } from '../../src/lens/review.ts';

/** Answers that a real small model gave to the review prompt; `scripts/replay-model.ts` records them. */
const recordings = readRecordings('test/fixtures/answers');

describe('recorded answers', () => {
  it('are worth what they were', () => {
    const table = recordings.map(({ name, recording }) => {
      const { kind, sent, answered, findings, unanchored, repeated, foreign } = outcomeOf(recording);
      const counts = `${findings} found, ${unanchored} unanchored, ${repeated} repeated, ${foreign} foreign`;
      return `${name}: ${kind}, ${answered}/${sent} items, ${counts}`;
    });
    expect(table).toMatchInlineSnapshot(`
      [
        "bank-all-ids.json: ok, 8/8 items, 7 found, 1 unanchored, 0 repeated, 1 foreign",
        "bank-cut-at-limit.json: length, 0/10 items, 0 found, 0 unanchored, 0 repeated, 0 foreign",
        "bank-ids-missing.json: ok, 6/8 items, 1 found, 4 unanchored, 0 repeated, 0 foreign",
        "bank-injection.json: ok, 2/2 items, 2 found, 0 unanchored, 0 repeated, 0 foreign",
        "bank-six-items.json: ok, 6/6 items, 6 found, 0 unanchored, 0 repeated, 0 foreign",
        "itoa-attributes.json: ok, 4/4 items, 3 found, 1 unanchored, 0 repeated, 0 foreign",
        "itoa-foreign-ids.json: ok, 1/1 items, 1 found, 0 unanchored, 0 repeated, 2 foreign",
        "itoa-quotes-context.json: ok, 1/1 items, 0 found, 1 unanchored, 0 repeated, 2 foreign",
        "smallvec-four-items.json: ok, 4/4 items, 3 found, 1 unanchored, 0 repeated, 0 foreign",
        "smallvec-one-line-quotes.json: ok, 3/3 items, 3 found, 0 unanchored, 0 repeated, 0 foreign",
        "smallvec-quotes-in-elements.json: ok, 3/3 items, 3 found, 0 unanchored, 0 repeated, 0 foreign",
        "smallvec-says-nothing.json: ok, 1/2 items, 0 found, 0 unanchored, 0 repeated, 1 foreign",
        "smallvec-silent.json: ok, 1/1 items, 0 found, 0 unanchored, 0 repeated, 0 foreign",
      ]
    `);
  });
  it('have findings that stand in their items', () => {
    let count = 0;
    for (const { recording } of recordings) {
      const reading = reviewLens().readAnswer(recording.answer, recording.items);
      if (reading.kind === 'invalid') continue;
      for (const { id, text } of recording.items) {
        for (const finding of reading.answers.get(id)?.findings ?? []) {
          expect(finding.quote).toBe(text.slice(finding.start, finding.end));
          count += 1;
        }
      }
    }
    expect(count).toBeGreaterThan(10);
  });
});
