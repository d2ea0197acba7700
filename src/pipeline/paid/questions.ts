import type { Lens } from '../../lens/lens.ts';
import { reviewLens } from '../../lens/review.ts';
import { effortFor } from '../../llm/catalogue.ts';
import { REDACTION_VERSION } from '../../llm/redact.ts';
import { ANSWER_SCHEMA } from '../../cache/schema.ts';
import { shortHash } from '../../cache/key.ts';
import { ANALYSIS_VERSION } from '../../version.ts';
import type { FileRow } from '../../store/files.ts';
import type { StoredFacts, StoredUnit } from '../edits.ts';
import type { AskedFile, LensQuestion, SharedFactors } from '../question.ts';
import { sendsFile, sentUnits } from '../question.ts';
import type { Target } from '../targets.ts';
import type { Books } from './books.ts';
import type { Endpoint } from './review.ts';

/** What of a run settles its questions. */
export interface Asker {
  readonly target: Target;
  readonly endpoint: Endpoint;
  readonly books: Books;
}

/** The defects of every unit. */
export function reviewQuestion(asker: Asker): LensQuestion {
  const { includeTests } = asker.target.config.settings.analysis;
  return {
    ...commonOf(asker, reviewLens()),
    asks: async (row, facts) => unitsToSend(row, facts, includeTests),
    count: (row: FileRow) => sentUnits(row, includeTests),
    digest: '',
  };
}

/** What all questions of a run share, whatever they are about. */
export function commonOf(
  { target, endpoint, books }: Asker,
  lens: Lens,
): Pick<LensQuestion, 'lens' | 'shared' | 'includeTests'> {
  const { baseUrl, model } = endpoint;
  const { analysis, llm } = target.config.settings;
  const shared: SharedFactors = {
    lens: lens.name,
    analysisVersion: ANALYSIS_VERSION,
    providerUrl: baseUrl,
    model,
    resolvedModel: books.answers.resolvedModel(baseUrl, model),
    reasoningEffort: effortFor(model, baseUrl, llm.reasoningEffort) ?? '',
    promptHash: lens.promptHash,
    schemaVersion: ANSWER_SCHEMA.minCompatible,
    // No option changes what is asked of an item yet: which items are asked about is no part of its key.
    configHash: shortHash({}),
    redactionVersion: REDACTION_VERSION,
  };
  return { lens, shared, includeTests: analysis.includeTests };
}

/** The units of a file that may be sent at all. */
export function unitsToSend(
  row: AskedFile,
  facts: StoredFacts,
  includeTests: boolean,
): readonly StoredUnit[] {
  if (!sendsFile(row.role, row.generated, includeTests)) return [];
  return includeTests ? facts.units : facts.units.filter(({ test }) => !test);
}
