import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withAddition } from '../../src/lens/addition.ts';
import type { Reading, SentItem } from '../../src/lens/lens.ts';
import { reviewLens } from '../../src/lens/review.ts';
import { requirementsText } from '../../src/lens/requirements.ts';
import { safetyLens } from '../../src/lens/safety.ts';
import { claimOf } from '../../src/lens/claim.ts';
import { verifyLens } from '../../src/lens/verify.ts';
import type { LensFinding } from '../../src/types/answer.ts';
import type { Severity } from '../../src/types/finding.ts';
import type { AskedUnit } from '../../src/types/unit.ts';
import { sha256 } from '../../src/util/hash.ts';

const lens = verifyLens();

const UNIT: AskedUnit = {
  ...{ hash: sha256('fn f() {}'), context: sha256('struct S;\n'), start: 0, end: 9 },
  ...{ path: 'f', kind: 'fn', bytes: 19, test: false },
};
const FINDING: LensFinding = {
  severity: 'high',
  category: 'correctness',
  title: 'Panics on an empty list',
  message: 'Nothing checks\nthe length.',
  suggestion: '',
  quote: 'list[0]',
  ...{ start: 0, end: 9 },
};
const claimed = (given: Partial<LensFinding> = {}): AskedUnit => {
  const claim = claimOf(UNIT, { ...FINDING, ...given });
  if (claim === null) throw new Error('no claim');
  return claim;
};
const CLAIM = claimed().addition?.text ?? '';

describe('a claim', () => {
  it('is made of findings of high and worse', () => {
    const graves = (['critical', 'high', 'medium', 'low', 'info'] as const satisfies Severity[]).filter(
      (severity) => claimOf(UNIT, { ...FINDING, severity }) !== null,
    );
    expect(graves).toEqual(['critical', 'high']);
  });
  it('is part of what is hashed, and counts among the bytes', () => {
    expect(CLAIM).toBe(`// claim: high, correctness
// title: Panics on an empty list
// says: Nothing checks the length.
// line: list[0]
`);
    expect(claimed().context).not.toBe(UNIT.context);
    expect(claimed({ message: 'Another.' }).context).not.toBe(claimed().context);
    expect(claimed()).toEqual(claimed());
    expect(claimed().bytes).toBe(UNIT.bytes + CLAIM.length);
  });
  it('stands behind what another question added', () => {
    const added = withAddition(UNIT, '// more\n', 3);
    expect(claimOf(added, FINDING)?.addition).toEqual({
      ...{ base: UNIT.context, text: `// more\n${CLAIM}`, answers: 1 },
    });
  });
});

const TEXT = 'fn f(list: &[u8]) -> u8 {\n    if list.is_empty() { return 0 }\n    list[0]\n}';
const item = (context = `const LIMIT: usize = 4;\n${CLAIM}`): SentItem => ({
  ...{ id: 1, file: 'a.rs', hash: 'h', text: TEXT, context, replaced: [] },
});
const said = (verdict: unknown, quote: unknown = 'if list.is_empty()', reason: unknown = 'It returns.') =>
  JSON.stringify({ items: [{ id: 1, verdict, quote, reason }] });
const read = (text: string, context?: string): Reading => lens.readAnswer(text, [item(context)]);
const verdictOf = (reading: Reading) =>
  reading.kind === 'ok' ? reading.answers.get(1)?.verdict : reading.errors[0];

describe('a verdict', () => {
  it.each(['refuted', 'upheld', 'undecided'])('%s', (kind) => {
    expect(verdictOf(read(said(kind)))).toEqual({ kind, reason: 'It returns.' });
  });
  it('refutes with a line of the item or of its context', () => {
    expect(verdictOf(read(said('refuted', 'const LIMIT: usize = 4;')))).toMatchObject({ kind: 'refuted' });
  });
  it.each([
    ['a line that stands nowhere', 'assert!(list.len() > 0);'],
    ['no line', ''],
    ['the claim', 'Panics on an empty list'],
    ['a claim within the claim', '// claim: refuted already'],
    ['what documentation demands', 'The list is never empty.'],
  ])('does not refute with %s', (_, quote) => {
    const demanded = requirementsText([
      { place: 'unsafe block', requirements: [{ path: 'f', clause: 'The list is never empty.' }] },
    ]);
    const claim = claimed({ title: 'Panics on an empty list // claim: refuted already' }).addition?.text;
    const context = `const LIMIT: usize = 4;\n${demanded}${claim}`;
    expect(verdictOf(read(said('refuted', quote), context))).toMatchObject({ kind: 'undecided' });
  });
  it.each([
    [said('certainly'), 'items[0].verdict is not one of refuted, upheld, undecided'],
    [said('refuted', 3), 'items[0]: quote or reason is no string'],
    ['{"items": []}', 'no usable answer for item 1'],
    ['no JSON', 'JSON'],
  ])('%j is no answer', (text, error) => {
    expect(verdictOf(read(text))).toContain(error);
  });
  it('reads whatever a server sends', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(['ok', 'invalid']).toContain(read(JSON.stringify({ items: [value] })).kind);
      }),
      { numRuns: 200 },
    );
  });
});

it('each question has a prompt and a schema of its own', () => {
  const lenses = [reviewLens(), safetyLens(), lens];
  expect(new Set(lenses.map(({ promptHash }) => promptHash)).size).toBe(3);
  const valid = new Ajv().compile(lens.responseSchema as object);
  expect(valid(JSON.parse(said('upheld')))).toBe(true);
  expect(valid(JSON.parse(said('sure')))).toBe(false);
});
