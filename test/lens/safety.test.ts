import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reading, SentItem } from '../../src/lens/lens.ts';
import { requirementsText } from '../../src/lens/requirements.ts';
import { safetyLens } from '../../src/lens/safety.ts';

const lens = safetyLens();

const CONTEXT = requirementsText([
  {
    place: 'unsafe block: ptr::read',
    requirements: ['It is valid.', 'It is aligned.'].map((clause) => ({ path: 'ptr::read', clause })),
  },
]);
const TEXT = 'fn first(p: *const u8) -> u8 {\n    // SAFETY: fine\n    unsafe { p.read() }\n}';
const ITEM: SentItem = { id: 1, file: 'a.rs', hash: 'h', text: TEXT, context: CONTEXT, replaced: [] };

const verdict = (requirement: unknown, said: string, quote = 'unsafe { p.read() }') => ({
  ...{ requirement, quote },
  verdict: said,
  reason: 'A caller may pass null.',
});
const read = (verdicts: unknown, item = ITEM): Reading =>
  lens.readAnswer(JSON.stringify({ items: [{ id: 1, verdicts }] }), [item]);

function answer(reading: Reading) {
  const found = reading.kind === 'ok' ? reading.answers.get(1) : undefined;
  if (found === undefined) throw new Error(JSON.stringify(reading));
  return found;
}

describe('verdicts', () => {
  it('are one finding for each requirement that is not kept, with its clause and its line', () => {
    const { findings, requirements, unanchored } = answer(
      read([verdict(1, 'discharged'), verdict(2, 'not discharged')]),
    );
    expect(findings).toEqual([
      {
        severity: 'high',
        category: 'memory-safety',
        title: 'A requirement of ptr::read is not kept',
        message: 'A caller may pass null. Required: It is aligned.',
        suggestion: '',
        quote: 'unsafe { p.read() }',
        start: TEXT.indexOf('unsafe'),
        end: TEXT.indexOf('unsafe') + 'unsafe { p.read() }'.length,
      },
    ]);
    expect([requirements, unanchored]).toEqual([{ met: 1, unmet: 1, unclear: 0 }, 0]);
  });
  it('say nothing where they cannot tell', () => {
    const { findings, requirements } = answer(
      read([verdict(1, 'cannot tell', ''), verdict(2, 'Discharged ')]),
    );
    expect(findings).toEqual([]);
    expect(requirements).toEqual({ met: 1, unmet: 0, unclear: 1 });
  });
  it('are none without a line of the item: neither a finding nor a proof', () => {
    const elsewhere = 'let aligned = p.is_aligned();';
    const { findings, requirements, unanchored } = answer(
      read([verdict(1, 'discharged', elsewhere), verdict(2, 'not discharged', elsewhere)]),
    );
    expect(findings).toEqual([]);
    expect([requirements, unanchored]).toEqual([{ met: 0, unmet: 0, unclear: 2 }, 1]);
  });
  it('count once a requirement, and not for what was not asked', () => {
    const { findings, requirements } = answer(
      read([1, 1, 2, 7].map((number, at) => verdict(number, at === 1 ? 'not discharged' : 'discharged'))),
    );
    expect(findings).toEqual([]);
    expect(requirements).toEqual({ met: 2, unmet: 0, unclear: 0 });
  });
  it.each([
    [[verdict(1, 'discharged')], 'items[0].verdicts: none for requirement 2'],
    [[], 'items[0].verdicts: none for requirement 1'],
    ['all is well', 'items[0].verdicts is not an array'],
    [[verdict(1, 'probably'), verdict(2, 'discharged')], 'items[0].verdicts[0]: verdict is not one of'],
    [[{ ...verdict(1, 'discharged'), quote: 7 }], 'items[0].verdicts[0]: verdict is not one of'],
  ])('%j is no answer', (verdicts, error) => {
    const reading = read(verdicts);
    expect(reading.kind).toBe('invalid');
    expect(reading.kind === 'invalid' ? reading.errors[0] : '').toContain(error);
  });
  it('have places in the text before redaction', () => {
    const text = `let key = "[redacted]";\n${TEXT}`;
    const replaced = [{ start: 11, end: 51, length: 10 }];
    const [finding] = answer(
      read([verdict(1, 'not discharged'), verdict(2, 'discharged')], { ...ITEM, text, replaced }),
    ).findings;
    expect(finding?.start).toBe(text.indexOf('unsafe') + 30);
  });
  it('read whatever a server sends', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(['ok', 'invalid']).toContain(read(value).kind);
      }),
      { numRuns: 200 },
    );
  });
});

it('the schema takes what is asked for', () => {
  const valid = new Ajv().compile(lens.responseSchema as object);
  expect(valid({ items: [{ id: 1, verdicts: [verdict(1, 'cannot tell')] }] })).toBe(true);
  expect(valid({ items: [{ id: 1, verdicts: [verdict(1, 'maybe')] }] })).toBe(false);
});
