import type { Answers, StoredAnswer } from '../../store/answers.ts';
import type { AskedUnit } from '../../types/unit.ts';
import type { StoredFacts, StoredUnit } from '../edits.ts';
import type { AskedFile, LensQuestion } from '../question.ts';
import { keyOf } from '../question.ts';

export interface Asking {
  readonly question: LensQuestion;
  readonly answers: Answers;
  /** sha256 of the root: whose untrusted answers hold. */
  readonly repository: string;
}

export interface UnitAnswer {
  readonly unit: StoredUnit & AskedUnit;
  readonly key: string;
  /** Null where none is stored, or none that holds. */
  readonly stored: StoredAnswer | null;
}

/** Every unit of a file that is asked about, with what is stored for it. */
export async function unitAnswers(
  { question, answers, repository }: Asking,
  row: AskedFile,
  facts: StoredFacts,
): Promise<UnitAnswer[]> {
  const asked = await question.asks(row, facts);
  const keyed = asked.map((unit) => ({ unit, key: keyOf(question.shared, unit) }));
  const found = await answers.lookup(
    keyed.map(({ key }) => key),
    repository,
  );
  const hashes = new Set(facts.units.map(({ hash }) => hash));
  return keyed.map(({ unit, key }) => {
    const stored = found.get(key);
    return { unit, key, stored: stored !== undefined && holds(stored, hashes) ? stored : null };
  });
}

/** An answer that cites other items holds while they stand in the same file. */
export function holds({ answer }: StoredAnswer, hashes: ReadonlySet<string>): boolean {
  return answer.cites.every((hash) => hashes.has(hash));
}
