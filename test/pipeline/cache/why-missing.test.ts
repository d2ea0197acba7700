import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FactorName, KeyFactors } from '../../../src/cache/key.ts';
import { FACTORS, FACTOR_LABELS, itemKey } from '../../../src/cache/key.ts';
import { explainMiss } from '../../../src/cache/why.ts';
import type { StoredFacts, StoredUnit } from '../../../src/pipeline/edits.ts';
import type { SharedFactors } from '../../../src/pipeline/question.ts';
import { whyMissing } from '../../../src/pipeline/cache/why-missing.ts';
import type { Answers } from '../../../src/store/answers.ts';
import { openAnswers } from '../../../src/store/answers.ts';
import { openLayout } from '../../../src/store/layout.ts';
import type { Answer } from '../../../src/types/answer.ts';
import { sha256 } from '../../../src/util/hash.ts';
import { factors, request, USAGE } from '../../store/answers-support.ts';
import { freshFolder } from '../../support/cli.ts';

let answers: Answers;
beforeAll(async () => {
  answers = await openAnswers(openLayout(freshFolder('home')));
});
afterAll(() => answers.close());

const CLEAN: Answer = { status: 'complete', findings: [], cites: [], unanchored: 0 };

async function store(
  stored: KeyFactors,
  answer: Answer = CLEAN,
  given: { readonly repository?: string; readonly untrusted?: boolean } = {},
): Promise<void> {
  const one = { itemKey: itemKey(stored), factors: stored, answer, usage: USAGE };
  await answers.saveRequest({ ...request(`r ${itemKey(stored)}`, []), ...given, answers: [one] });
}

const unit = (text: string, given: Partial<StoredUnit> = {}): StoredUnit => ({
  ...{ hash: sha256(text), context: sha256(''), path: 'f', kind: 'fn', start: 0, end: 9 },
  ...{ bytes: 9, test: false, ...given },
});

const shared: SharedFactors = factors('');

function why(wanted: StoredUnit, before: StoredFacts | null = null, others: readonly string[] = []) {
  const hashes = new Set([wanted.hash, ...others]);
  return whyMissing({ answers, repository: 'repo', shared, hashes, before }, wanted);
}

const factsWith = (...units: StoredUnit[]): StoredFacts => ({
  ...{
    contentHash: '',
    lines: 1,
    units,
    findings: [],
    todos: [],
    metrics: null,
    generated: false,
    items: 1,
    broken: null,
  },
});

describe('each factor, changed alone, is named with its old and new value', () => {
  const other = (name: FactorName): KeyFactors[FactorName] =>
    typeof factors('')[name] === 'number' ? 99 : 'another';

  test.each(FACTORS.filter((name) => name !== 'itemHash'))('%s', async (name) => {
    const text = `text of ${name}`;
    await store(factors(text, { [name]: other(name) }));
    const after = String({ ...factors(text) }[name]);
    expect(await why(unit(text))).toEqual({
      kind: 'factors',
      differs: [
        {
          ...{ factor: name, label: FACTOR_LABELS[name], before: String(other(name)) },
          after: after.length === 64 ? after.slice(0, 12) : after,
        },
      ],
    });
  });

  test('itemHash: the item of the same path was another text', async () => {
    await store(factors('old text'));
    const before = factsWith(unit('unrelated', { path: 'g' }), unit('old text'));
    const differs = [
      {
        ...{ factor: 'itemHash', label: FACTOR_LABELS.itemHash },
        ...{ before: sha256('old text').slice(0, 12), after: sha256('new text').slice(0, 12) },
      },
    ];
    expect(await why(unit('new text'), before)).toEqual({ kind: 'factors', differs });
  });

  test('itemHash: also where nobody knows any more what it was', async () => {
    const edited = await why(unit('edited', { editedAt: 1 }));
    expect(edited).toMatchObject({ kind: 'factors', differs: [{ factor: 'itemHash', before: null }] });
  });
});

test('the nearest of several is named', async () => {
  await store(factors('several', { model: 'a', reasoningEffort: 'high', promptHash: 'x' }));
  await store(factors('several', { model: 'b' }));
  expect(await why(unit('several'))).toMatchObject({ differs: [{ factor: 'model', before: 'b' }] });
  expect(explainMiss(factors('several'), answers.factorsFor(sha256('several'))).differs).toEqual(['model']);
});

test('what was never asked is new', async () => {
  expect(await why(unit('never seen'))).toEqual({ kind: 'new' });
});

describe('the very key is stored, and still it is no answer', () => {
  test('because what it cites is gone', async () => {
    await store(factors('citing'), { ...CLEAN, cites: [sha256('cited')] });
    expect(await why(unit('citing'))).toEqual({ kind: 'cited' });
  });

  test('because it failed or was cut', async () => {
    await store(factors('cut'), { ...CLEAN, status: 'truncated' });
    expect(await why(unit('cut'))).toEqual({ kind: 'failed', status: 'truncated' });
  });

  test('because it was bought for another repository alone', async () => {
    await store(factors('foreign'), CLEAN, { repository: 'other', untrusted: true });
    expect(await why(unit('foreign'))).toEqual({ kind: 'unusable' });
  });

  test('because it is damaged', async () => {
    await store(factors('damaged'));
    answers.database
      .prepare(`UPDATE answers SET blob = x'00' WHERE item_key = ?`)
      .run(itemKey(factors('damaged')));
    expect(await why(unit('damaged'))).toEqual({ kind: 'unusable' });
  });
});
