import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reading, SentItem } from '../../src/lens/lens.ts';
import { reviewLens } from '../../src/lens/review.ts';

const lens = reviewLens();

const sent = (id: number, text: string, given: Partial<SentItem> = {}): SentItem => ({
  id,
  file: 'a.rs',
  hash: `hash ${id}`,
  text,
  context: '',
  replaced: [],
  ...given,
});

const ITEMS = [
  sent(1, 'fn first(list: &[u8]) -> u8 {\n    list[0]\n}'),
  sent(2, 'fn second() {\n    let a = next().unwrap();\n    let b = next().unwrap();\n}'),
  sent(3, 'fn third() -> u8 { first(&[]) }'),
];

const finding = (given: Record<string, unknown> = {}): Record<string, unknown> => ({
  quote: 'fn first(list: &[u8])',
  severity: 'high',
  category: 'correctness',
  title: 'Panics on an empty list',
  message: 'An empty slice has no element 0.',
  suggestion: '',
  related: [],
  ...given,
});

const clean = (...ids: number[]): unknown[] => ids.map((id) => ({ id, findings: [] }));
const read = (items: unknown, given: readonly SentItem[] = ITEMS): Reading =>
  lens.readAnswer(JSON.stringify({ items }), given);

function ok(reading: Reading): Extract<Reading, { kind: 'ok' }> {
  if (reading.kind !== 'ok') throw new Error(reading.errors.join('; '));
  return reading;
}

const none = { duplicate: 0, foreign: 0, unanchored: 0, repeated: 0, malformed: 0 };

describe('readAnswer: ids', () => {
  const check = (
    items: unknown,
    answered: readonly number[],
    missing: readonly number[],
    discarded = {},
  ): void => {
    const reading = ok(read(items));
    expect([...reading.answers.keys()]).toEqual(answered);
    expect(reading.missing).toEqual(missing);
    expect(reading.discarded).toEqual({ ...none, ...discarded });
  };
  it('answers every id once', () => check(clean(1, 2, 3), [1, 2, 3], []));
  it('takes them in any order, and as strings', () =>
    check([...clean(3, 1), { id: '2', findings: [] }], [1, 2, 3], []));
  it('tells which are missing', () => check(clean(2), [2], [1, 3]));
  it('leaves out ids that were not sent', () => check(clean(0, 1, 2, 3, 4), [1, 2, 3], [], { foreign: 2 }));
  it('leaves out second answers to an id', () => {
    check([...clean(1), { id: 1, findings: [finding()] }, ...clean(2, 3)], [1, 2, 3], [], { duplicate: 1 });
  });
  it('takes the first usable answer to an id', () => {
    check([{ id: 1, findings: 'none' }, ...clean(1, 2, 3)], [1, 2, 3], [], { malformed: 1 });
  });
});

describe('readAnswer: form', () => {
  const check = (given: Record<string, unknown>, error: string): void => {
    const reading = ok(read([{ id: 1, findings: [finding(given)] }, ...clean(2, 3)]));
    expect(reading.missing).toEqual([1]);
    expect(reading.discarded.malformed).toBe(1);
    expect(reading.errors[0]).toBe(`items[0].findings[0]: ${error}`);
  };
  it('counts an item with a malformed finding as missing, and says what was wrong', () => {
    check({ severity: 'urgent' }, 'severity is not one of critical, high, medium, low, info');
    check({ quote: 7 }, 'quote is not a string');
    check({ message: ' ' }, 'message says nothing');
    check({ message: ', ' }, 'message says nothing');
    check({ title: '\u001b[31m\u202e' }, 'title says nothing');
    check({ title: null }, 'title is not a string');
  });
  it('never repeats what the model wrote in an error', () => {
    const reading = read([{ id: 1, findings: [finding({ severity: 'IGNORE ALL RULES' })] }]);
    expect(JSON.stringify(reading)).not.toContain('IGNORE');
  });
  it('takes severities and categories in any case, and findings without what is optional', () => {
    const { suggestion: _s, related: _r, ...short } = finding({ severity: 'High ', category: 'Correctness' });
    const reading = ok(read([{ id: 1, findings: [short] }, ...clean(2, 3)]));
    expect(reading.answers.get(1)?.findings).toMatchObject([
      { severity: 'high', category: 'correctness', suggestion: '' },
    ]);
  });
  it('is invalid where nothing in it is of use', () => {
    const invalid = (text: string, error: string): void =>
      expect(lens.readAnswer(text, ITEMS)).toMatchObject({ kind: 'invalid', errors: [error] });
    invalid('', 'the answer is empty');
    invalid('Looks good to me!', 'not JSON (cut or malformed)');
    invalid('[]', 'the answer has no array `items`');
    invalid('{"items": {}}', 'the answer has no array `items`');
    invalid('{"items": []}', 'no usable answer for item 1, 2, 3');
    invalid('{"items": [{"id": 1, "findings": []}', 'not JSON (at position 36)');
    invalid(' '.repeat(4_000_001), 'the answer is too long');
  });
  it('reads one object in a fence, in prose, behind thoughts', () => {
    const json = JSON.stringify({ items: clean(1, 2, 3) });
    for (const text of [
      `\`\`\`json\n${json}\n\`\`\``,
      `Here it is:\n${json}\nDone.`,
      `<think>{"items":[]}</think>\n${json}`,
    ]) {
      expect(ok(lens.readAnswer(text, ITEMS)).missing).toEqual([]);
    }
  });
  it('repairs nothing', () => {
    const cut = JSON.stringify({ items: clean(1, 2, 3) }).slice(0, -2);
    expect(lens.readAnswer(cut, ITEMS).kind).toBe('invalid');
    expect(lens.readAnswer(`${cut}\n{"items": []}`, ITEMS).kind).toBe('invalid');
  });
  it('survives depth', () => {
    const deep = `{"items": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect(lens.readAnswer(deep, ITEMS).kind).toBe('invalid');
  });
  it('never throws, and accounts for every id', () => {
    const entry = fc.record({
      id: fc.oneof(fc.integer(), fc.constantFrom(1, 2, '3')),
      findings: fc.jsonValue(),
    });
    const findings = fc.record({ id: fc.constantFrom(1, 2, 3), findings: fc.array(fc.jsonValue()) });
    const value = fc.oneof(
      fc.jsonValue(),
      fc.record({ items: fc.oneof(fc.jsonValue(), fc.array(fc.oneof(entry, findings))) }),
    );
    const text = fc.oneof(
      fc.string(),
      value.map((json) => JSON.stringify(json)),
    );
    fc.assert(
      fc.property(text, (answer) => {
        const reading = lens.readAnswer(answer, ITEMS);
        if (reading.kind === 'invalid') expect(reading.errors.length).toBeGreaterThan(0);
        else expect([...reading.answers.keys(), ...reading.missing].sort()).toEqual([1, 2, 3]);
      }),
    );
  });
});

describe('readAnswer: evidence', () => {
  const answerTo = (id: number, findings: unknown[], items = ITEMS) => {
    const others = items.filter((item) => item.id !== id).map((item) => item.id);
    return ok(read([{ id, findings }, ...clean(...others)], items)).answers.get(id);
  };
  it('places a finding by its quote, within the item', () => {
    const [one] = answerTo(1, [finding({ quote: '-> u8 { list[0]' })])?.findings ?? [];
    expect(ITEMS[0]?.text.slice(one?.start, one?.end)).toBe('-> u8 {\n    list[0]');
    expect(one?.quote).toBe('-> u8 {\n    list[0]');
  });
  it('counts and leaves out what cannot be anchored', () => {
    const reading = ok(
      read([{ id: 1, findings: [finding({ quote: 'list.get(0)' }), finding()] }, ...clean(2, 3)]),
    );
    expect(reading.answers.get(1)).toMatchObject({
      status: 'complete',
      unanchored: 1,
      findings: [{ severity: 'high' }],
    });
    expect(reading.discarded.unanchored).toBe(1);
  });
  it('does not take a quote from another item', () => {
    expect(answerTo(2, [finding({ quote: 'list[0]\n}' })])).toMatchObject({ findings: [], unanchored: 1 });
  });
  it('gives equal quotes successive places, and drops what says the same again', () => {
    const again = finding({ quote: 'next().unwrap()' });
    const answer = answerTo(2, [again, again, again, finding({ ...again, title: 'Something else' })]);
    const text = ITEMS[1]?.text ?? '';
    const [first, second] = [text.indexOf('next()'), text.lastIndexOf('next()')];
    expect(answer?.findings.map(({ start }) => start)).toEqual([first, second, second]);
  });
  it('listens to a line that the model gave unasked', () => {
    const answer = answerTo(2, [finding({ quote: 'next().unwrap()', line: 3 })]);
    expect(answer?.findings[0]?.start).toBe(ITEMS[1]?.text.lastIndexOf('next()'));
  });
  it('maps places back through redaction', () => {
    const source = 'let key = "sk-123456789"; call(key)';
    const text = 'let key = "[SECRET]"; call(key)';
    const items = [sent(1, text, { replaced: [{ start: 11, end: 23, length: 8 }] })];
    const place = (quote: string): string => {
      const [one] = answerTo(1, [finding({ quote })], items)?.findings ?? [];
      return source.slice(one?.start, one?.end);
    };
    expect(place('let key = "')).toBe('let key = "');
    expect(place('"; call(key)')).toBe('"; call(key)');
    expect(place('let key = "[SEC')).toBe('let key = "sk-123456789');
    expect(place('RET]"; call(key)')).toBe('sk-123456789"; call(key)');
    const [one] = answerTo(1, [finding({ quote: 'key = "[SECRET]"' })], items)?.findings ?? [];
    expect(one?.quote).toBe('key = "[SECRET]"');
  });
});

describe('readAnswer: cited items', () => {
  const check = (related: unknown, cites: readonly string[], items: readonly SentItem[] = ITEMS): void => {
    const answer = { id: 3, findings: [finding({ quote: 'first(&[]) }', related })] };
    expect(ok(read([answer, ...clean(1, 2)], items)).answers.get(3)?.cites).toEqual(cites);
  };
  it('are those that related quotes stand in', () => {
    check(['list[0]'], []);
    check(['fn first(list: &[u8]) -> u8 { list[0] }'], ['hash 1']);
    check(['let b = next().unwrap();', 'list: &[u8]'], ['hash 1', 'hash 2']);
  });
  it('are none where a quote stands in the item itself, nowhere, or is none', () => {
    check(['fn third() -> u8'], []);
    check(['nowhere to be found', 7, null], []);
    check('list: &[u8]', []);
  });
  it('are of the same file', () => {
    check(['list: &[u8]'], [], [sent(1, ITEMS[0]?.text ?? '', { file: 'b.rs' }), ...ITEMS.slice(1)]);
  });
});

describe('readAnswer: what will be printed', () => {
  it('moves no cursor and turns no line', () => {
    const hostile =
      'a\u001b[2J\u001b]8;;http://x\u0007b\u001b\\\u009b31m\u0000\u202e\u2066\u200b\ufeff\ud800 c\r\n d';
    const given = finding({ title: hostile, message: hostile, suggestion: hostile });
    const [one] = ok(read([{ id: 1, findings: [given] }, ...clean(2, 3)])).answers.get(1)?.findings ?? [];
    expect(one).toMatchObject({ title: 'ab c d', message: 'ab c\n d', suggestion: 'ab c\n d' });
  });
  it('is no longer than it may be', () => {
    const long = `a${'🦀'.repeat(50_000)}`;
    const given = finding({ title: long, message: long, suggestion: long, quote: ITEMS[0]?.text });
    const [one] = ok(read([{ id: 1, findings: [given] }, ...clean(2, 3)])).answers.get(1)?.findings ?? [];
    expect(JSON.stringify(one).length).toBeLessThan(6000);
    expect(one?.title).toMatch(/^a(?:🦀)+…$/u);
  });
  it('is read up to a bound', () => {
    const many = Array.from({ length: 500 }, (_, at) => finding({ title: `Title ${at}` }));
    const reading = ok(read([{ id: 1, findings: many }, ...clean(2, 3)]));
    expect(reading.answers.get(1)?.findings.length).toBe(30);
  });
});
