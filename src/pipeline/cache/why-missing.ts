import type { FactorName, KeyFactors } from '../../cache/key.ts';
import { FACTOR_LABELS } from '../../cache/key.ts';
import { explainMiss } from '../../cache/why.ts';
import type { FactorDifference, WhyMissing } from '../../report/plan-model.ts';
import type { Answers } from '../../store/answers.ts';
import type { StoredFacts, StoredUnit } from '../edits.ts';
import { abbreviated } from '../../util/hash.ts';
import { holds } from '../paid/unit-answers.ts';
import type { SharedFactors } from '../question.ts';
import { factorsOf, keyOf } from '../question.ts';

export interface WhyInput {
  readonly answers: Answers;
  readonly repository: string;
  readonly shared: SharedFactors;
  /** Hashes of all units of the file as it is now. */
  readonly hashes: ReadonlySet<string>;
  /** What was stored of the file before this look at it; null where nothing was, or it is not known any more. */
  readonly before: StoredFacts | null;
}

/** Names what differs between the key that an item needs and the nearest one that is stored. */
export async function whyMissing(input: WhyInput, unit: StoredUnit): Promise<WhyMissing> {
  const { answers, shared, before } = input;
  const wanted = factorsOf(shared, unit);
  const sameText = explainMiss(wanted, ofQuestion(shared, answers.factorsFor(unit.hash)));
  if (sameText.nearest !== null) {
    if (sameText.differs.length === 0) return whyUnusable(input, unit);
    return { kind: 'factors', differs: differences(sameText.differs, sameText.nearest, wanted) };
  }
  const old = before?.units.find(({ path, hash }) => path === unit.path && hash !== unit.hash);
  const oldText = explainMiss(
    wanted,
    old === undefined ? [] : ofQuestion(shared, answers.factorsFor(old.hash)),
  );
  if (oldText.nearest !== null) {
    return { kind: 'factors', differs: differences(oldText.differs, oldText.nearest, wanted) };
  }
  if (old === undefined && unit.editedAt === undefined) return { kind: 'new' };
  const after = printed(wanted, 'itemHash');
  const label = FACTOR_LABELS.itemHash;
  return {
    kind: 'factors',
    differs: [{ factor: 'itemHash', label, before: old === undefined ? null : abbreviated(old.hash), after }],
  };
}

/** Those of the same question, where there are any. */
function ofQuestion({ lens }: SharedFactors, stored: readonly KeyFactors[]): readonly KeyFactors[] {
  const own = stored.filter((one) => one.lens === lens);
  return own.length === 0 ? stored : own;
}

/** The very key is stored, and still it is no answer. */
async function whyUnusable(
  { answers, repository, shared, hashes }: WhyInput,
  unit: StoredUnit,
): Promise<WhyMissing> {
  const key = keyOf(shared, unit);
  const stored = (await answers.lookup([key], repository)).get(key);
  if (stored === undefined) return { kind: 'unusable' };
  if (!holds(stored, hashes)) return { kind: 'cited' };
  return { kind: 'failed', status: stored.answer.status };
}

function differences(
  names: readonly FactorName[],
  stored: KeyFactors,
  wanted: KeyFactors,
): FactorDifference[] {
  // Another question is asked by another prompt, about more: that goes without saying.
  const telling = names.includes('lens') ? (['lens'] as const) : names;
  return telling.map((factor) => ({
    factor,
    label: FACTOR_LABELS[factor],
    before: printed(stored, factor),
    after: printed(wanted, factor),
  }));
}

function printed(factors: KeyFactors, name: FactorName): string {
  return abbreviated(String(factors[name]));
}
