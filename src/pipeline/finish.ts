import { trackedLines, asNote } from '../lint/tracked.ts';
import { toDrafts } from '../lens/drafts.ts';
import { readSource } from '../repo/source.ts';
import type { Answers, StoredAnswer } from '../store/answers.ts';
import { codec } from '../store/codec.ts';
import type { FileRow } from '../store/files.ts';
import { resultRow } from '../store/result-rows.ts';
import type { FindingDraft } from '../types.ts';
import { sha256 } from '../util/hash.ts';
import { lineIndex } from '../util/lines.ts';
import type { StoredFacts } from './edits.ts';
import type { AnswerPart } from './merge.ts';
import { mergeFile } from './merge.ts';
import type { Question } from './question.ts';
import type { OpenRepository } from './repository.ts';
import { cacheKeyOf, variantOf } from './question.ts';
import type { UnitAnswer } from './paid/unit-answers.ts';
import { unitAnswers } from './paid/unit-answers.ts';

export interface FinishInput {
  readonly repository: OpenRepository;
  /** Null under the local provider. */
  readonly answers: Answers | null;
  readonly question: Question;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const BATCH = 256;

export interface Finished {
  /** Paths whose stored facts cannot be trusted: they are to be parsed again. */
  readonly lost: readonly string[];
  /** By path, the hashes of the units that have an answer by now. */
  readonly answered: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Writes the merged results of the files: local findings, and those of the answers that are stored by now. */
export async function finishFiles(input: FinishInput, rows: readonly FileRow[]): Promise<Finished> {
  const { analysis, dismissed } = input.repository;
  const variant = variantOf(input.question, input.repository);
  const lost: string[] = [];
  const answered = new Map<string, ReadonlySet<string>>();
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
      const { answers, units } = part;
      answered.set(row.path, units);
      const cacheKey = cacheKeyOf(row, variant);
      const { path } = row;
      const { silence } = dismissed;
      merged.push(mergeFile({ path, contentHash, cacheKey, facts, answers, silence, at: input.at }));
    }
    const packer = await codec();
    analysis.putResults(merged.map((one) => resultRow(one, packer)));
  }
  return { lost, answered };
}

interface Part {
  readonly answers: AnswerPart | null;
  readonly units: ReadonlySet<string>;
}

type Answered = UnitAnswer & { readonly stored: StoredAnswer };

async function answerPart(input: FinishInput, row: FileRow, facts: StoredFacts): Promise<Part | 'changed'> {
  const { question, answers, repository } = input;
  if (question.kind === 'local' || answers === null) return { answers: null, units: new Set() };
  const { shared, lens } = question;
  const found: Answered[] = [];
  const missing: string[] = [];
  for (const { unit, key, stored } of await unitAnswers(
    { question, answers, repository: repository.id },
    row,
    facts,
  )) {
    if (stored?.answer.status === 'complete') found.push({ unit, key, stored });
    else missing.push(key);
  }
  const distinct = [...new Map(found.map((one) => [one.key, one.stored])).values()];
  const sum = (of: (one: StoredAnswer) => number): number =>
    distinct.reduce((total, one) => total + of(one), 0);
  const findings = draftsOf(input, row, lens.name, found);
  if (findings === null) return 'changed';
  const part = {
    findings,
    answered: [...new Set(found.map(({ key }) => key))],
    missing: [...new Set(missing)],
    modelId: shared.resolvedModel === '' ? shared.model : shared.resolvedModel,
    promptHash: shared.promptHash,
    ticks: sum(({ usage }) => usage.ticks),
    inputTokens: sum(({ usage }) => usage.inputTokens),
    outputTokens: sum(({ usage }) => usage.outputTokens),
  };
  return { answers: part, units: new Set(found.map(({ unit }) => unit.hash)) };
}

/** Answers know offsets within their items; lines are those of the file. Null where it is no longer that file. */
function draftsOf(
  { repository }: FinishInput,
  row: FileRow,
  lens: string,
  found: readonly Answered[],
): FindingDraft[] | null {
  if (found.every(({ stored }) => stored.answer.findings.length === 0)) return [];
  const { root, config } = repository.target;
  const read = readSource(`${root.root}/${row.path}`, config.settings.analysis.maxFileSize);
  if (read.kind !== 'text' || sha256(read.bytes) !== row.contentHash) return null;
  const lines = lineIndex(read.text);
  const tracked = trackedLines(read.text);
  return found
    .flatMap(({ unit, stored }) => toDrafts(lens, stored.answer, unit, lines))
    .map((draft) => asNote(draft, tracked, config.settings.rules));
}
