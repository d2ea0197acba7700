import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeMeant, placesOf, searchable } from '../../src/lens/evidence.ts';

const SOURCE = `fn take(&mut self) -> Option<u8> {
    let first = self.queue
        .pop()
        .unwrap();
    self.log.push(first);
    self.log.push(first);
    Some(first) // 12| not a line number
}
`;

/** The text found for a quote, one entry for each place. */
function found(quote: string, text = SOURCE): string[] {
  return placesOf(quote, searchable(text)).map(({ start, end }) => text.slice(start, end));
}

describe('placesOf', () => {
  const check = (quote: string, expected: readonly string[], text = SOURCE): void =>
    expect(found(quote, text)).toEqual(expected);

  it('finds a quote as it stands', () => check('Some(first)', ['Some(first)']));
  it('finds every place', () => check('self.log.push(first);', Array(2).fill('self.log.push(first);')));
  it('does not mind white space', () => {
    check('self.queue.pop().unwrap()', ['self.queue\n        .pop()\n        .unwrap()']);
    check('  let   first =\n self . queue ', ['let first = self.queue']);
  });
  it('does not mind the comma that a line break brings', () => {
    const struct = 'struct Account {\n    id: u32,\n    log: Vec<u8>,\n}';
    check('struct Account { id: u32, log: Vec<u8> }', [struct], struct);
    check('log: Vec<u8>,', ['log: Vec<u8>'], struct);
    check('call(first,\n  second,\n)', ['call(first, second)'], 'call(first, second)');
  });
  it('asks for eight characters that are not blank', () => {
    check('Some(fir', ['Some(fir']);
    check('Some(fi', []);
    check('S o m e ( f i', []);
  });
  it('asks for an identifier that is no keyword', () => {
    check('}}}}}}}}', [], '{{{{{{{{}}}}}}}}');
    check('} else { return;', [], 'if a {} else { return; }');
    check('return if true {', [], 'return if true { a } else { b }');
    check('1234567 + 89', [], '1234567 + 89');
  });
  it('does not find what is not there', () => {
    check('self.queue.push(first)', []);
    check('SOME(FIRST)', []);
  });
  it('undoes what small models do to a quote', () => {
    check('<item id="1">Some(first)</item>', ['Some(first)']);
    check('`Some(first)`', ['Some(first)']);
    check('"Some(first)"', ['Some(first)']);
    check('```rust\nSome(first)\n```', ['Some(first)']);
    check('  5|     self.log.push(first);\n  6|     self.log.push(first);', [
      'self.log.push(first);\n    self.log.push(first);',
    ]);
    check('Line 7: Some(first)', ['Some(first)']);
    check('let first = self.queue ... unwrap();', ['let first = self.queue']);
    check('let first = self.queue…', ['let first = self.queue']);
  });
  it('takes the quote as it stands where it stands so', () => check('12| not a line', ['12| not a line']));
  it('undoes escaped delimiters', () => {
    check('print("<\\/item>")', ['print("</item>")'], 'fn a() { print("</item>") }');
    check('print("</item>")', ['print("</item>")'], 'fn a() { print("</item>") }');
    check('print("<\\\\/item>")', ['print("<\\/item>")'], 'fn a() { print("<\\/item>") }');
  });
  it('finds any piece of a text that is long enough, with the white space changed', () => {
    const text = fc.array(fc.constantFrom('a', 'bc', ' ', '\n', '\t', '(', ')', '.', 'é', '🦀', '_x'), {
      minLength: 12,
    });
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (words, from, length) => {
        const all = words.join('');
        const quote = words.slice(from % words.length, (from % words.length) + 10 + (length % 20)).join(' ');
        const dense = quote.replace(/\s/g, '');
        fc.pre(dense.length >= 8 && /[a-z_é]/.test(dense) && !/\.\.\./.test(dense));
        const places = found(quote, all);
        expect(places.length).toBeGreaterThan(0);
        for (const place of places) expect(place.replace(/\s/g, '')).toBe(dense);
      }),
    );
  });
  it('anchors only what really stands in the text, whatever the quote', () => {
    const piece = fc.constantFrom(
      'Some',
      '(first)',
      '…',
      '...',
      '`',
      '"',
      '12| ',
      '\n',
      ' ',
      'self',
      '.log',
      '<\\/item>',
    );
    const quotes = fc.array(fc.oneof(piece, fc.string()), { maxLength: 8 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(quotes, (quote) => {
        for (const place of found(quote)) {
          expect(place.replace(/\s/g, '').length).toBeGreaterThanOrEqual(8);
          expect(quote.replace(/\s/g, '')).toContain(place.replace(/\s/g, '').slice(0, 8));
        }
      }),
    );
  });
  it('takes no time that grows with text times quote', () => {
    const began = performance.now();
    expect(found(`${'a'.repeat(100_000)}b`, 'a'.repeat(1_000_000))).not.toEqual([]);
    expect(found(`a${'b'.repeat(900)}`, `${'b'.repeat(1_000_000)}`)).toEqual([]);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('placeMeant', () => {
  const places = placesOf('self.log.push(first);', searchable(SOURCE));
  const check = (line: number | null, taken: readonly number[], expected: number | undefined): void => {
    const meant = placeMeant(places, SOURCE, {
      line,
      taken: new Set(taken.map((at) => places[at]?.start ?? -1)),
    });
    expect(places.findIndex(({ start }) => start === meant?.start)).toBe(expected);
  };
  it('is the place nearest to the line named', () => {
    check(1, [], 0);
    check(6, [], 1);
    check(900, [], 1);
  });
  it('is the first place not taken without a line', () => {
    check(null, [], 0);
    check(null, [0], 1);
    check(null, [0, 1], 1);
  });
  it('is none where there is no place', () => {
    expect(placeMeant([], SOURCE, { line: null, taken: new Set() })).toBeNull();
  });
});
