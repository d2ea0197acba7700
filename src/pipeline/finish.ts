import type { Answers } from '../store/answers.ts';
import { codec } from '../store/codec.ts';
import type { FileRow } from '../store/files.ts';
import { resultRow } from '../store/result-rows.ts';
import type { StoredFacts } from './edits.ts';
import { mergeFile } from './merge.ts';
import type { LensQuestion } from './question.ts';
import { cacheKeyOf, variantOf } from './question.ts';
import type { OpenRepository } from './repository.ts';
import { answerPart } from './paid/answer-part.ts';

export interface FinishInput {
  readonly repository: OpenRepository;
  /** Null under the local provider. */
  readonly answers: Answers | null;
  /** None under the local provider. */
  readonly questions: readonly LensQuestion[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const BATCH = 256;

export interface Finished {
  /** Paths whose stored facts cannot be trusted: they are to be parsed again. */
  readonly lost: readonly string[];
  /** By path, what has an answer by now; see `answerId`. */
  readonly answered: ReadonlyMap<string, ReadonlySet<string>>;
  /** Findings of these files that a second look refuted. */
  readonly refuted: number;
}

/** Writes the merged results of the files: local findings, and those of the answers that are stored by now. */
export async function finishFiles(input: FinishInput, rows: readonly FileRow[]): Promise<Finished> {
  const { analysis, dismissed } = input.repository;
  const variant = variantOf(input.questions, input.repository);
  const lost: string[] = [];
  const answered = new Map<string, ReadonlySet<string>>();
  let refuted = 0;
  for (let from = 0; from < rows.length; from += BATCH) {
    const merged = [];
    for (const row of rows.slice(from, from + BATCH)) {
      const { contentHash } = row;
      if (contentHash === null) continue;
      const facts = await analysis.getFacts<StoredFacts>(row.path);
      if (facts === null) {
        lost.push(row.path);
        continue;
      }
      const part = await answerPart(input, row, facts);
      // Changed since it was parsed, here or by another process: what is stored stays, the next run sees to it.
      if (part === 'changed' || facts.contentHash !== contentHash) continue;
      const { answers } = part;
      answered.set(row.path, part.answered);
      refuted += part.refuted;
      const cacheKey = cacheKeyOf(row, variant);
      const { path } = row;
      const { silence } = dismissed;
      merged.push(mergeFile({ path, contentHash, cacheKey, facts, answers, silence, at: input.at }));
    }
    const packer = await codec();
    analysis.putResults(merged.map((one) => resultRow(one, packer)));
  }
  return { lost, answered, refuted };
}
