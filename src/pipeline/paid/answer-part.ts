import { toDrafts } from '../../lens/drafts.ts';
import { claimOf, UNDECIDED } from '../../lens/claim.ts';
import { trackedLines, withTracked } from '../../lint/tracked.ts';
import { readSource } from '../../repo/source.ts';
import type { StoredAnswer } from '../../store/answers.ts';
import type { FileRow } from '../../store/files.ts';
import type { Answer, LensFinding } from '../../types/answer.ts';
import type { FindingDraft } from '../../types/finding.ts';
import type { AskedUnit } from '../../types/unit.ts';
import { sha256 } from '../../util/hash.ts';
import { lineIndex } from '../../util/lines.ts';
import type { StoredFacts } from '../edits.ts';
import type { FinishInput } from '../finish.ts';
import type { AnswerPart } from '../merge.ts';
import type { LensQuestion } from '../question.ts';
import type { Target } from '../targets.ts';
import type { UnitAnswer } from './unit-answers.ts';
import { unitAnswers } from './unit-answers.ts';

export interface Part {
  /** Null where no model has a part in it. */
  readonly answers: AnswerPart | null;
  /** What has an answer; see `answerId`. */
  readonly answered: ReadonlySet<string>;
  /** Findings that a second look refuted. */
  readonly refuted: number;
}

/** Names a question about a unit whatever model answers it. */
export function answerId(lens: string, { hash, context }: Pick<AskedUnit, 'hash' | 'context'>): string {
  return `${lens} ${hash} ${context}`;
}

type Answered = UnitAnswer & { readonly lens: string; readonly stored: StoredAnswer };

/** What the stored answers say of a file. `changed`: the file on the disk is no longer the one they are about. */
export async function answerPart(
  input: FinishInput,
  row: FileRow,
  facts: StoredFacts,
): Promise<Part | 'changed'> {
  const { questions } = input;
  const [first] = questions;
  if (first === undefined) return { answers: null, answered: new Set(), refuted: 0 };
  const found: Answered[] = [];
  const missing: string[] = [];
  for (const question of questions) {
    for (const one of await storedAnswers(input, question, row, facts)) {
      const { stored } = one;
      if (stored?.answer.status === 'complete') found.push({ ...one, lens: question.lens.name, stored });
      else missing.push(one.key);
    }
  }
  const findings = draftsOf(input, row, found);
  if (findings === null) return 'changed';
  const distinct = [...new Map(found.map((one) => [one.key, one.stored])).values()];
  const sum = (of: (one: StoredAnswer) => number): number =>
    distinct.reduce((total, one) => total + of(one), 0);
  const { shared } = first;
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
  return {
    answers: part,
    answered: new Set(found.map(({ lens, unit }) => answerId(lens, unit))),
    refuted: findings.filter(({ refuted }) => refuted === true).length,
  };
}

async function storedAnswers(
  { answers, repository }: FinishInput,
  question: LensQuestion,
  row: FileRow,
  facts: StoredFacts,
): Promise<UnitAnswer[]> {
  return answers === null ? [] : unitAnswers({ question, answers, repository: repository.id }, row, facts);
}

/** Answers know offsets within their items; lines are those of the file. Null where it is no longer that file. */
function draftsOf(
  { repository }: FinishInput,
  row: FileRow,
  found: readonly Answered[],
): FindingDraft[] | null {
  if (found.every(({ stored }) => stored.answer.findings.length === 0)) return [];
  const { root, config, trust } = repository.target;
  const read = readSource(`${root.root}/${row.path}`, config.settings.analysis.maxFileSize);
  if (read.kind !== 'text' || sha256(read.bytes) !== row.contentHash) return null;
  const lines = lineIndex(read.text);
  const tracked = trackedLines(read.text);
  const verdicts = verdictsIn(found);
  return found.flatMap(({ lens, unit, stored }) =>
    stored.answer.findings.flatMap((finding) => {
      const claim = claimOf(unit, finding);
      const judged = judge(finding, claim === null ? undefined : verdicts.get(claimId(claim)), trust);
      const drafts = toDrafts(lens, { ...stored.answer, findings: [judged.finding] }, unit, lines);
      return drafts.map((draft) => ({
        ...withTracked(draft, tracked, config.settings.rules),
        ...judged.note,
      }));
    }),
  );
}

/** By claim. */
function verdictsIn(found: readonly Answered[]): ReadonlyMap<string, Answer['verdict']> {
  const verdicts = found.flatMap(({ unit, stored: { answer } }): [string, Answer['verdict']][] =>
    answer.verdict === undefined ? [] : [[claimId(unit), answer.verdict]],
  );
  return new Map(verdicts);
}

/** Two items may have the same context, and the same may be said of both. */
function claimId({ hash, context }: Pick<AskedUnit, 'hash' | 'context'>): string {
  return `${hash} ${context}`;
}

interface Judged {
  readonly finding: LensFinding;
  readonly note: Pick<FindingDraft, 'suppressed' | 'refuted'>;
}

/**
 * A finding after its second look: refuted ones stay on record with the reason, and count no more. Code that is not
 * trusted may have talked the model into that: there they are milder, as undecided ones are.
 */
function judge(finding: LensFinding, verdict: Answer['verdict'], trust: Target['trust']): Judged {
  if (verdict === undefined || verdict.kind === 'upheld') return { finding, note: {} };
  const because = verdict.reason === '' ? '' : `: ${verdict.reason}`;
  if (verdict.kind === 'refuted' && trust !== 'untrusted')
    return { finding, note: { suppressed: `refuted by a second look${because}`, refuted: true } };
  const came = verdict.kind === 'refuted' ? 'would refute it' : 'could not decide it';
  const message = `${finding.message} A second look ${came}${because}`;
  return { finding: { ...finding, severity: UNDECIDED, message }, note: {} };
}
