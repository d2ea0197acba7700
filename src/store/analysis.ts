import { RESULT_SCHEMA, compatibility } from '../cache/schema.ts';
import type { Notice } from '../types/run.ts';
import { ANALYSIS_MIGRATIONS } from './analysis-tables.ts';
import type { Database } from './database.ts';
import type { Files } from './files.ts';
import { filesOf } from './files.ts';
import type { Layout } from './layout.ts';
import type { RepositoryPlace } from './repository.ts';
import type { Results } from './results.ts';
import { unpackKeys } from './result-rows.ts';
import { resultsOf } from './results.ts';
import type { Runs } from './runs.ts';
import { runsOf } from './runs.ts';
import type { Told } from './told.ts';
import { toldOf } from './told.ts';
import { openDatabase } from './sqlite.ts';

/** What pruning weighs: a file's facts and result, which are made again by reading the file. */
export interface Prunable {
  readonly path: string;
  readonly bytes: number;
  readonly createdAt: number;
  readonly lastAccessed: number;
  readonly accessCount: number;
  readonly compatible: boolean;
  readonly answerKeys: readonly string[];
}

/** One repository's `analysis.db`: everything in it can be made again, but for the memory of past runs and what they told. */
export interface Analysis extends Files, Results, Runs {
  readonly told: Told;
  readonly notices: readonly Notice[];
  readonly database: Database;
  prunable(): Prunable[];
  close(): void;
}

/** Opens or creates it; a damaged one is set aside and made anew, with a notice. */
export async function openAnalysis(layout: Layout, place: RepositoryPlace): Promise<Analysis> {
  const database = await openDatabase(place.analysis, {
    migrations: ANALYSIS_MIGRATIONS,
    synchronous: 'NORMAL',
    rollbackJournal: layout.rollbackJournal,
    onCorrupt: 'rebuild',
  });
  return {
    ...filesOf(database),
    ...resultsOf(database, place.meta.fullHash),
    ...runsOf(database),
    told: toldOf(database),
    notices: database.notices,
    database,
    prunable: () => prunable(database),
    close: () => database.close(),
  };
}

/** A row's own columns, roughly, beside its blobs. */
const ROW_BYTES = 400;

type PrunableRow = Omit<Prunable, 'compatible' | 'answerKeys'> & {
  readonly keys: Uint8Array | null;
  readonly versions: string;
};

function prunable(database: Database): Prunable[] {
  const rows = database.prepare<PrunableRow>(`
    SELECT path, ${ROW_BYTES} + ifnull(length(facts), 0) + ifnull(size_bytes + length(worst) + length(missing), 0)
        AS bytes,
      ifnull(created_at, synced_at) AS createdAt, ifnull(last_accessed, synced_at) AS lastAccessed,
      ifnull(access_count, 1) AS accessCount, answer_keys AS keys,
      concat_ws(',', fact.schema_version, result.schema_version) AS versions
    FROM files
    LEFT JOIN file_facts AS fact ON fact.file_path = path
    LEFT JOIN file_analysis AS result ON result.file_path = path
    WHERE fact.id IS NOT NULL OR result.id IS NOT NULL`);
  return rows.all().map(({ keys, versions, ...row }) => ({
    ...row,
    compatible: versions
      .split(',')
      .every((version) => compatibility(RESULT_SCHEMA, Number(version)) !== 'incompatible'),
    answerKeys: keys === null ? [] : unpackKeys(keys),
  }));
}
