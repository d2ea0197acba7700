import { claimOf } from '../../lens/claim.ts';
import { verifyLens } from '../../lens/verify.ts';
import type { AskedUnit } from '../../types/unit.ts';
import type { StoredUnit } from '../edits.ts';
import type { LensQuestion } from '../question.ts';
import type { Asker } from './questions.ts';
import { commonOf } from './questions.ts';
import { unitAnswers } from './unit-answers.ts';

/** A second look at each grave finding of the stored answers to other questions. `repository`: sha256 of its root. */
export function verifyQuestion(
  asker: Asker,
  others: readonly LensQuestion[],
  repository: string,
): LensQuestion {
  const { answers } = asker.books;
  return {
    ...commonOf(asker, verifyLens()),
    asks: async (row, facts) => {
      const claims = new Map<string, StoredUnit & AskedUnit>();
      for (const question of others) {
        for (const { unit, stored } of await unitAnswers({ question, answers, repository }, row, facts)) {
          for (const finding of stored?.answer.findings ?? []) {
            const claim = claimOf(unit, finding);
            if (claim !== null) claims.set(`${claim.start} ${claim.context}`, claim);
          }
        }
      }
      return [...claims.values()];
    },
    count: () => null,
    digest: '',
  };
}
