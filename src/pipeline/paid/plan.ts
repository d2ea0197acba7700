import type { Wanted } from '../../lens/pack.ts';
import type { StoredAnswer } from '../../store/answers.ts';
import type { Analysis } from '../../store/analysis.ts';
import type { FileRow } from '../../store/files.ts';
import type { Unsettled } from '../../store/results.ts';
import type { AskedUnit } from '../../types/unit.ts';
import type { StoredFacts, StoredUnit } from '../edits.ts';
import type { AskedFile } from '../question.ts';
import type { Asking } from './unit-answers.ts';
import { unitAnswers } from './unit-answers.ts';

/** Whether a unit has an answer: paid for by this repository, by another one, or not at all. */
export type UnitState = 'stored' | 'reused' | 'failed' | 'missing';

export interface PlannedUnit {
  readonly unit: StoredUnit & AskedUnit;
  readonly key: string;
  readonly state: UnitState;
}

/** A file whose merged result is not that of the question, or lacks answers. */
export interface PlannedFile {
  readonly row: FileRow;
  /** What is asked about it; empty where nothing of it is sent. */
  readonly units: readonly PlannedUnit[];
  /** Its stored result, as far as it is one of the questions of the run. */
  readonly result: Unsettled;
  /** Weight of its local findings per 1,000 lines. */
  readonly risk: number;
}

export interface RepositoryPlan {
  readonly files: readonly PlannedFile[];
  /** Units of files that need no look: their stored result is complete. */
  readonly settledUnits: number;
  /** Files whose stored facts cannot be trusted: they are to be parsed again. */
  readonly lost: readonly string[];
}

export interface PlanInput extends Asking {
  readonly rows: readonly FileRow[];
  readonly analysis: Analysis;
  /** Of the merged results, over all questions of the run. */
  readonly variant: string;
  /** Failed and cut answers are asked for again. */
  readonly retryFailed: boolean;
}

/** What is stored and what is missing. Reads no source file and sends nothing. */
export async function planRepository(input: PlanInput): Promise<RepositoryPlan> {
  const { rows, analysis, question, variant } = input;
  const unsettled = new Map(analysis.unsettled(variant).map((one) => [one.path, one]));
  const files: PlannedFile[] = [];
  const lost: string[] = [];
  let settledUnits = 0;
  for (const row of rows) {
    if (row.contentHash === null) continue;
    const result = unsettled.get(row.path);
    if (result === undefined) {
      settledUnits += question.count(row) ?? 0;
      continue;
    }
    const facts = await analysis.getFacts<StoredFacts>(row.path);
    if (facts === null) lost.push(row.path);
    else files.push(await planFile(input, row, facts, result));
  }
  return { files, settledUnits, lost };
}

async function planFile(
  input: PlanInput,
  row: FileRow,
  facts: StoredFacts,
  result: Unsettled,
): Promise<PlannedFile> {
  const units = await plannedUnits(input, row, facts);
  return { row, units, result, risk: riskOf(facts) };
}

/** What is asked about one file, each unit with what became of it. */
export async function plannedUnits(
  input: Pick<PlanInput, 'question' | 'answers' | 'repository' | 'retryFailed'>,
  row: AskedFile,
  facts: StoredFacts,
): Promise<PlannedUnit[]> {
  const units = await unitAnswers(input, row, facts);
  return units.map(({ unit, key, stored }) => {
    const state = stateOf(stored, input.repository);
    return { unit, key, state: state === 'failed' && input.retryFailed ? ('missing' as const) : state };
  });
}

function stateOf(stored: StoredAnswer | null, repository: string): UnitState {
  if (stored === null) return 'missing';
  if (stored.answer.status !== 'complete') return 'failed';
  return stored.repository === repository ? 'stored' : 'reused';
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
