import { ACCESS_GRAIN_MS } from '../cache/eviction.ts';
import { RESULT_SCHEMA, migrated } from '../cache/schema.ts';
import type { Finding, Severity } from '../types.ts';
import { SEVERITIES } from '../types.ts';
import type { Codec } from './codec.ts';
import type { Database } from './database.ts';
import type { AnalysisRow, AnalysisToStore } from './result-rows.ts';
import {
  INSERTED,
  SELECT_ROWS,
  WORST_SEVERITIES,
  blobColumns,
  columnsOf,
  unpackKeys,
} from './result-rows.ts';

export type { AnalysisRow, AnalysisToStore } from './result-rows.ts';

/** Sums over the rows that an unchanged run reports from. */
export interface AnalysisSummary {
  readonly files: number;
  readonly complete: number;
  readonly missing: number;
  readonly findings: Readonly<Record<Severity, number>>;
  readonly suppressed: number;
  /** Of the row read longest ago; 0 where there is none. Call `touch` when it is over a day back. */
  readonly oldestAccess: number;
}

export interface WorstFinding {
  readonly path: string;
  readonly finding: Finding;
}

/** The part of `analysis.db` that holds merged results. */
export interface Results {
  /** By path; decodes nothing. */
  allAnalyses(): AnalysisRow[];
  /** One query over all rows, or over those below a directory (`''`: all); decodes nothing. */
  summary(below?: string): AnalysisSummary;
  /** The worst unsuppressed findings of medium or worse, then by path and line; decodes nothing. At most 20 a file. */
  worst(limit: number, below?: string): WorstFinding[];
  /** One transaction; encoding happens before it. */
  putAnalyses(analyses: readonly AnalysisToStore[]): Promise<void>;
  /** What was stored, or null where there is nothing that can be trusted. */
  getAnalysis<Result extends object>(path: string): Promise<Result | null>;
  /** Item keys that lack an answer, and those of the answers inside. */
  itemsOf(path: string): { readonly missing: string[]; readonly answers: string[] } | null;
  /** Counts a reading of every row that was last read over a day ago; else writes nothing. */
  touch(nowMs: number): void;
}

/** Below a directory: everything where it is `''`. `0` follows `/` in the order of bytes. */
const BELOW = `(@below = '' OR (file_path >= @below || '/' AND file_path < @below || '0'))`;

const UPSERT = `INSERT INTO file_analysis (${INSERTED.join(', ')})
  VALUES (${INSERTED.map((name) => `@${name}`).join(', ')})
  ON CONFLICT(file_path) DO UPDATE SET access_count = 1,
    ${INSERTED.map((name) => `${name} = excluded.${name}`).join(', ')}`;

interface BlobRow {
  readonly version: number;
  readonly checksum: string;
  readonly blob: Uint8Array;
}

export function resultsOf(database: Database, codec: () => Promise<Codec>, repository: string): Results {
  const all = database.prepare<AnalysisRow>(SELECT_ROWS);
  const sums = database.prepare<Record<string, number>>(
    `SELECT count(*) AS files, total(complete) AS complete, total(missing_count) AS missing,
      total(suppressed) AS suppressed, ifnull(min(last_accessed), 0) AS oldestAccess,
      ${SEVERITIES.map((name) => `total(${name}) AS ${name}`).join(', ')} FROM file_analysis WHERE ${BELOW}`,
  );
  const worst = WORST_SEVERITIES.map((severity) => ({
    severity,
    select: database.prepare<{ readonly path: string; readonly worst: string }>(
      `SELECT file_path AS path, worst FROM file_analysis WHERE ${severity} > 0 AND ${BELOW}
        ORDER BY file_path LIMIT @limit`,
    ),
  }));
  const put = database.prepare(UPSERT);
  const blob = database.prepare<BlobRow>(
    `SELECT schema_version AS version, checksum, analysis_json AS blob FROM file_analysis WHERE file_path = ?`,
  );
  const items = database.prepare<{ readonly missing: string; readonly keys: Uint8Array }>(
    'SELECT missing, answer_keys AS keys FROM file_analysis WHERE file_path = ?',
  );
  const touch =
    database.prepare(`UPDATE file_analysis SET last_accessed = @now, access_count = access_count + 1
    WHERE last_accessed < @before`);

  return {
    allAnalyses: () => all.all(),
    summary(below = '') {
      const { files, complete, missing, suppressed, oldestAccess, ...findings } = sums.get({
        below,
      }) as Readonly<Record<Severity, number>> & Omit<AnalysisSummary, 'findings'>;
      return { files, complete, missing, findings, suppressed, oldestAccess };
    },
    worst(limit, below = '') {
      const found: WorstFinding[] = [];
      for (const { severity, select } of worst) {
        if (found.length >= limit) break;
        for (const row of select.all({ below, limit: limit - found.length })) {
          const findings = JSON.parse(row.worst) as readonly Finding[];
          const own = findings.filter((finding) => finding.severity === severity);
          found.push(...own.map((finding) => ({ path: row.path, finding })));
        }
      }
      return found.slice(0, limit);
    },
    async putAnalyses(analyses) {
      const { encode, checksum } = await codec();
      const blobs = analyses.map(({ result }) => encode(result, 'derived'));
      const rows = analyses.map((analysis, at) => {
        const packed = blobs[at] as Uint8Array;
        return { ...columnsOf(analysis, repository), ...blobColumns(packed, checksum(packed)) };
      });
      database.transaction(() => rows.forEach((row) => put.run(row)));
    },
    async getAnalysis<Result extends object>(path: string) {
      const row = blob.get(path);
      if (row === undefined) return null;
      const value = await (await codec()).decode(row.blob, row.checksum);
      return value === null ? null : migrated<Result>(RESULT_SCHEMA, row.version, value);
    },
    itemsOf(path) {
      const row = items.get(path);
      if (row === undefined) return null;
      return { missing: JSON.parse(row.missing) as string[], answers: unpackKeys(row.keys) };
    },
    touch: (nowMs) => void touch.run({ now: nowMs, before: nowMs - ACCESS_GRAIN_MS }),
  };
}
