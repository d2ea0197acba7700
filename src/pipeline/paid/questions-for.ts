import type { Host } from '../../host.ts';
import type { ParserPool } from '../pool.ts';
import type { LensQuestion } from '../question.ts';
import type { OpenRepository } from '../repository.ts';
import { unsafeRequirements } from '../unsafe/requirements.ts';
import type { Books } from './books.ts';
import type { Asker } from './questions.ts';
import { reviewQuestion } from './questions.ts';
import type { Endpoint } from './review.ts';
import { safetyQuestion } from './safety-question.ts';
import { verifyQuestion } from './verify-question.ts';

/** The questions of a run about one repository. */
export interface Questions {
  /** As they are at this moment: their keys hang on the model that answered last. */
  now(): AskedQuestions;
}

export interface AskedQuestions {
  /** About the code. */
  readonly primary: readonly LensQuestion[];
  /** About what the answers to those have found. */
  readonly second: readonly LensQuestion[];
  readonly all: readonly LensQuestion[];
}

export interface QuestionsContext {
  readonly host: Host;
  readonly pool: ParserPool;
  readonly endpoint: Endpoint;
}

/** The questions that the settings name, in their order, and the second look. */
export async function questionsFor(
  { host, pool, endpoint }: QuestionsContext,
  { target, id }: OpenRepository,
  books: Books,
): Promise<Questions> {
  const { lenses, verify } = target.config.settings.analysis;
  const asker: Asker = { target, endpoint, books };
  const requirements = lenses.includes('safety') ? await unsafeRequirements({ host, pool, target }) : null;
  return {
    now() {
      const primary = lenses.flatMap((name) => {
        if (name === 'review') return [reviewQuestion(asker)];
        return requirements === null ? [] : [safetyQuestion(asker, requirements)];
      });
      const second = verify ? [verifyQuestion(asker, primary, id)] : [];
      return { primary, second, all: [...primary, ...second] };
    },
  };
}
