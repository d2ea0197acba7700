import type { Silence } from '../cache/dismissals.ts';
import { silenced } from '../cache/dismissals.ts';
import { findingId, normalizedQuote } from '../cache/finding-id.ts';
import { scores } from '../lint/scores.ts';
import { asNote } from '../lint/tracked.ts';
import type { AnalysisToStore } from '../store/result-rows.ts';
import type { Finding, FindingDraft } from '../types/finding.ts';
import type { FileMetrics } from '../types/syntax.ts';
import type { StoredFacts } from './edits.ts';

/** What is stored, compressed, of a file's merged result. */
export interface StoredResult {
  readonly findings: readonly Finding[];
  readonly metrics: FileMetrics | null;
}

/** What answers add to a file's local facts. */
export interface AnswerPart {
  readonly findings: readonly FindingDraft[];
  /** Item keys with a stored answer, and those without. */
  readonly answered: readonly string[];
  readonly missing: readonly string[];
  readonly modelId: string;
  readonly promptHash: string;
  readonly ticks: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface MergeInput {
  readonly path: string;
  readonly contentHash: string;
  readonly cacheKey: string;
  readonly facts: StoredFacts;
  /** Null where no model has a part in it. */
  readonly answers: AnswerPart | null;
  readonly silence: Silence;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const TICKS_PER_MILLICENT = 1e5;

/** A file's result: local findings and those of stored answers, each with its id, and the scores over both; what was dismissed is suppressed. */
export function mergeFile({
  path,
  contentHash,
  cacheKey,
  facts,
  answers,
  silence,
  at,
}: MergeInput): AnalysisToStore {
  const said = answers === null ? facts.findings : [...facts.findings, ...answers.findings];
  const drafts = said.map((one) => asNote(one, silence.comments));
  const findings = withIds(path, drafts.sort(byPlace)).map((one) => silenced(one, path, silence));
  const result: StoredResult = { findings, metrics: facts.metrics };
  return {
    path,
    contentHash,
    cacheKey,
    modelId: answers?.modelId ?? '',
    promptHash: answers?.promptHash ?? '',
    generationTimeMs: null,
    apiCostMillicents: answers === null ? null : Math.ceil(answers.ticks / TICKS_PER_MILLICENT),
    inputTokens: answers?.inputTokens ?? null,
    outputTokens: answers?.outputTokens ?? null,
    at,
    findings,
    scores: scores({ findings, metrics: facts.metrics }),
    missing: answers?.missing ?? [],
    answerKeys: answers?.answered ?? [],
    result,
  };
}

/** An id does not depend on the line; findings that are equal in all else are counted. */
function withIds(path: string, drafts: readonly FindingDraft[]): Finding[] {
  const seen = new Map<string, number>();
  return drafts.map((draft) => {
    const { rule, item, quote } = draft;
    const same = JSON.stringify([rule, item, normalizedQuote(quote)]);
    const ordinal = seen.get(same) ?? 0;
    seen.set(same, ordinal + 1);
    return { ...draft, id: findingId({ rule, path, item, quote, ordinal }) };
  });
}

function byPlace(a: FindingDraft, b: FindingDraft): number {
  return a.startLine - b.startLine || a.startColumn - b.startColumn;
}
