import type { Answers, StoredAnswer } from '../../store/answers.ts';
import type { FileRow } from '../../store/files.ts';
import type { StoredFacts, StoredUnit } from '../edits.ts';
import type { Question } from '../question.ts';
import { keyOf, sendsFile } from '../question.ts';

export interface Asking {
  readonly question: Extract<Question, { kind: 'lens' }>;
  readonly answers: Answers;
  /** sha256 of the root: whose untrusted answers hold. */
  readonly repository: string;
}

export interface UnitAnswer {
  readonly unit: StoredUnit;
  readonly key: string;
  /** Null where none is stored, or none that holds. */
  readonly stored: StoredAnswer | null;
}

/** Every unit of a file that is asked about, with what is stored for it. */
export async function unitAnswers(
  { question, answers, repository }: Asking,
  row: Pick<FileRow, 'role' | 'generated'>,
  facts: StoredFacts,
): Promise<UnitAnswer[]> {
  const sent = unitsToSend(row, facts, question.includeTests);
  const keyed = sent.map((unit) => ({ unit, key: keyOf(question.shared, unit) }));
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

/** Which units are asked about. */
function unitsToSend(
  row: Pick<FileRow, 'role' | 'generated'>,
  facts: StoredFacts,
  includeTests: boolean,
): readonly StoredUnit[] {
  if (!sendsFile(row.role, row.generated, includeTests)) return [];
  return includeTests ? facts.units : facts.units.filter(({ test }) => !test);
}

/** An answer that cites other items holds while they stand in the same file. */
export function holds({ answer }: StoredAnswer, hashes: ReadonlySet<string>): boolean {
  return answer.cites.every((hash) => hashes.has(hash));
}
