import type { MissingItem } from '../../report/plan-model.ts';
import type { Answers } from '../../store/answers.ts';
import type { StoredFacts } from '../edits.ts';
import type { OpenRepository } from '../repository.ts';
import type { ReviewPlan } from '../paid/review.ts';
import { whyMissing } from './why-missing.ts';

export type FactsByPath = ReadonlyMap<string, StoredFacts>;

/** What is stored of the files before a sync looks at them: what an edited item was. */
export async function storedFacts({ analysis }: OpenRepository): Promise<FactsByPath> {
  const facts = new Map<string, StoredFacts>();
  for (const { path } of analysis.files(null)) {
    const stored = await analysis.getFacts<StoredFacts>(path);
    if (stored !== null) facts.set(path, stored);
  }
  return facts;
}

export interface MissingInput {
  readonly repository: OpenRepository;
  /** One for each question. */
  readonly reviews: readonly ReviewPlan[];
  readonly answers: Answers;
  readonly before: FactsByPath;
}

/** Each item that a plan would send, with the reason; equal ones once, in the order of the plan. */
export async function missingItems(input: MissingInput): Promise<MissingItem[]> {
  const { repository, reviews, answers, before } = input;
  const found: MissingItem[] = [];
  const hashes = new Map<string, ReadonlySet<string>>();
  const wanted = reviews.flatMap(({ question, orders }) =>
    orders.flatMap(({ pack }) => pack.units.map((one) => ({ ...one, shared: question.shared }))),
  );
  for (const { file, unit, shared } of wanted) {
    const own = hashes.get(file) ?? (await hashesOf(repository, file));
    hashes.set(file, own);
    const why = await whyMissing(
      { answers, repository: repository.id, shared, hashes: own, before: before.get(file) ?? null },
      unit,
    );
    found.push({ path: file, item: unit.path, kind: unit.kind, question: shared.lens, why });
  }
  return found;
}

async function hashesOf({ analysis }: OpenRepository, path: string): Promise<ReadonlySet<string>> {
  const facts = await analysis.getFacts<StoredFacts>(path);
  return new Set(facts?.units.map(({ hash }) => hash));
}
