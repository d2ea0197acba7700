import type { Wanted } from '../lens/pack.ts';
import type { Answers, StoredAnswer } from '../store/answers.ts';
import type { Analysis } from '../store/analysis.ts';
import type { FileRow } from '../store/files.ts';
import type { AnalysisRow } from '../store/result-rows.ts';
import type { StoredFacts, StoredUnit } from './edits.ts';
import type { Question } from './question.ts';
import { cacheKeyOf, keyOf, sendsFile, sentUnits, variantOf } from './question.ts';

/** Whether a unit has an answer: paid for by this repository, by another one, or not at all. */
export type UnitState = 'stored' | 'reused' | 'failed' | 'missing';

export interface PlannedUnit {
  readonly unit: StoredUnit;
  readonly key: string;
  readonly state: UnitState;
}

/** A file whose merged result is not that of the question, or lacks answers. */
export interface PlannedFile {
  readonly row: FileRow;
  /** What is asked about it; empty where nothing of it is sent. */
  readonly units: readonly PlannedUnit[];
  /** Its stored result has all the answers that are there. */
  readonly merged: boolean;
  /** Weight of its local findings per 1,000 lines. */
  readonly risk: number;
}

export interface RepositoryPlan {
  readonly files: readonly PlannedFile[];
  /** Units of files that need no look: their stored result is complete. */
  readonly settledUnits: number;
  /** Units that are measured here and never sent: tests, generated code. */
  readonly localUnits: number;
  /** Files whose stored facts cannot be trusted: they are to be parsed again. */
  readonly lost: readonly string[];
}

export interface PlanInput {
  readonly rows: readonly FileRow[];
  /** What is stored of them, by path. */
  readonly results: ReadonlyMap<string, AnalysisRow>;
  readonly analysis: Analysis;
  readonly answers: Answers;
  /** sha256 of the root: whose answers are `stored`, and which untrusted ones hold. */
  readonly repository: string;
  readonly question: Extract<Question, { kind: 'lens' }>;
  readonly rulesHash: string;
  /** Failed and cut answers are asked for again. */
  readonly retryFailed: boolean;
}

/** What is stored and what is missing. Reads no source file and sends nothing. */
export async function planRepository(input: PlanInput): Promise<RepositoryPlan> {
  const { rows, results, analysis, question, rulesHash } = input;
  const variant = variantOf(question, rulesHash);
  const files: PlannedFile[] = [];
  const lost: string[] = [];
  let settledUnits = 0;
  let localUnits = 0;
  for (const row of rows) {
    if (row.contentHash === null) continue;
    const sent = sentUnits(row, question.includeTests);
    localUnits += row.units - sent;
    const result = results.get(row.path);
    const same = result?.cacheKey === cacheKeyOf(row, variant);
    if (same && result.complete === 1 && !input.retryFailed) {
      settledUnits += sent;
      continue;
    }
    const facts = await analysis.getFacts<StoredFacts>(row.path);
    if (facts === null) lost.push(row.path);
    else files.push(await planFile(input, row, facts, same ? result : null));
  }
  return { files, settledUnits, localUnits, lost };
}

async function planFile(
  input: PlanInput,
  row: FileRow,
  facts: StoredFacts,
  result: AnalysisRow | null,
): Promise<PlannedFile> {
  const units = await plannedUnits(input, row, facts);
  const open = new Set(
    units.filter(({ state }) => state === 'missing' || state === 'failed').map(({ key }) => key),
  );
  return { row, units, merged: result?.missing === open.size, risk: riskOf(facts) };
}

/** What is asked about one file, each unit with what became of it. */
export async function plannedUnits(
  input: Pick<PlanInput, 'question' | 'answers' | 'repository' | 'retryFailed'>,
  row: Pick<FileRow, 'role' | 'generated'>,
  facts: StoredFacts,
): Promise<PlannedUnit[]> {
  const { question, answers, repository } = input;
  const { shared } = question;
  const sent = unitsToSend(row, facts, question.includeTests);
  const keyed = sent.map((unit) => ({ unit, key: keyOf(shared, unit) }));
  const stored = await answers.lookup(
    keyed.map(({ key }) => key),
    repository,
  );
  const hashes = new Set(facts.units.map(({ hash }) => hash));
  return keyed.map(({ unit, key }) => {
    const state = stateOf(stored.get(key), hashes, repository);
    return { unit, key, state: state === 'failed' && input.retryFailed ? ('missing' as const) : state };
  });
}

/** Which units are asked about. */
export function unitsToSend(
  row: Pick<FileRow, 'role' | 'generated'>,
  facts: StoredFacts,
  includeTests: boolean,
): readonly StoredUnit[] {
  if (!sendsFile(row.role, row.generated, includeTests)) return [];
  return includeTests ? facts.units : facts.units.filter(({ test }) => !test);
}

function stateOf(
  stored: StoredAnswer | undefined,
  hashes: ReadonlySet<string>,
  repository: string,
): UnitState {
  if (stored === undefined || !holds(stored, hashes)) return 'missing';
  if (stored.answer.status !== 'complete') return 'failed';
  return stored.repository === repository ? 'stored' : 'reused';
}

/** An answer that cites other items holds while they stand in the same file. */
export function holds({ answer }: StoredAnswer, hashes: ReadonlySet<string>): boolean {
  return answer.cites.every((hash) => hashes.has(hash));
}

const RISK = { critical: 20, high: 8, medium: 3, low: 1, info: 0 } as const;

function riskOf({ findings, lines }: StoredFacts): number {
  const weight = findings.reduce((sum, { severity }) => sum + RISK[severity], 0);
  return (weight * 1000) / Math.max(50, lines);
}

/** The missing units of a file as the packer takes them. */
export function wantedOf({ row, units }: PlannedFile, which: (unit: StoredUnit) => boolean): Wanted[] {
  return units
    .filter(({ unit, state }) => state === 'missing' && which(unit))
    .map(({ unit, key }) => ({ file: row.path, key, unit }));
}
