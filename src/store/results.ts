import { ACCESS_GRAIN_MS } from '../cache/eviction.ts';
import { RESULT_SCHEMA, migrated } from '../cache/schema.ts';
import type { ScoreSum } from '../lint/scores.ts';
import type { Finding, Scores, Severity } from '../types/finding.ts';
import { SEVERITIES } from '../types/finding.ts';
import { codec } from './codec.ts';
import type { Database } from './database.ts';
import type { Paths } from './files.ts';
import { among, listed } from './files.ts';
import type { AnalysisRow, ResultRow } from './result-rows.ts';
import { INSERTED, KEY_BYTES, SCORES, SELECT_ROWS, WORST_SEVERITIES } from './result-rows.ts';

/** Sums over files' results. */
export interface Totals {
  /** How many have a result. */
  readonly files: number;
  readonly findings: Readonly<Record<Severity, number>>;
  /** Not among the findings. */
  readonly suppressed: number;
  readonly scores: Readonly<Record<keyof Scores, ScoreSum>>;
}

/** A file whose stored result is not what it should be. */
export interface Unsettled {
  readonly path: string;
  /** `none`: there is no result. `other`: it is of another content or variant. `open`: it lacks answers. */
  readonly state: 'none' | 'other' | 'open';
  /** How many of its items have no answer, where it is `open`. */
  readonly missing: number;
}

export interface Worst {
  /** By path, the worst first. */
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
  /** Paths whose result cannot be read. */
  readonly damaged: readonly string[];
}

/** The part of `analysis.db` that holds merged results. */
export interface Results {
  /** By path; decodes nothing. */
  results(paths: Paths): AnalysisRow[];
  /** Of the files that were parsed, those whose result is not that of `variant` (see `fileKey`), or lacks answers. */
  unsettled(variant: string): Unsettled[];
  /** Those of the paths that have no result. */
  withoutResult(paths: readonly string[]): string[];
  /** One query; decodes nothing. */
  totals(paths: Paths): Totals;
  /** Over all files: items with and without a stored answer; null where no model has a part in any result. */
  coverage(): { readonly answered: number; readonly missing: number } | null;
  /** The worst unsuppressed findings of medium or worse, then by path and line; decodes nothing. At most 20 a file. */
  worst(limit: number, paths: Paths): Worst;
  /** One transaction. */
  putResults(rows: readonly ResultRow[]): void;
  /** What was stored, or null where there is nothing that can be trusted. */
  getAnalysis<Result extends object>(path: string): Promise<Result | null>;
  /** Counts a reading of every row that was last read over a day ago; else writes nothing. */
  touch(nowMs: number): void;
}

/** An empty file counts as one line. */
const SUMS = [
  'count(*) AS files',
  ...[...SEVERITIES, 'suppressed'].map((name) => `total(${name}) AS ${name}`),
  ...SCORES.flatMap((name) => [
    `total(${name} * max(1, lines)) AS ${name}_points`,
    `total(max(1, lines)) FILTER (WHERE ${name} IS NOT NULL) AS ${name}_lines`,
  ]),
];

const UPSERT = `INSERT INTO file_analysis (${INSERTED.join(', ')})
  VALUES (${INSERTED.map((name) => `@${name}`).join(', ')})
  ON CONFLICT(file_path) DO UPDATE SET access_count = 1,
    ${INSERTED.map((name) => `${name} = excluded.${name}`).join(', ')}`;

interface BlobRow {
  readonly version: number;
  readonly checksum: string;
  readonly blob: Uint8Array;
}

export function resultsOf(database: Database, repository: string): Results {
  const rows = database.prepare<AnalysisRow>(`${SELECT_ROWS} WHERE ${among('file_path')} ORDER BY file_path`);
  const unsettled = database.prepare<Unsettled>(
    `SELECT path, missing_count AS missing, CASE WHEN result.id IS NULL THEN 'none'
        WHEN result.content_hash = files.content_hash AND cache_key >= @first AND cache_key < @after THEN 'open'
        ELSE 'other' END AS state
      FROM files LEFT JOIN file_analysis AS result ON file_path = path
      WHERE files.content_hash IS NOT NULL AND (result.id IS NULL OR complete = 0
        OR result.content_hash <> files.content_hash OR cache_key < @first OR cache_key >= @after)`,
  );
  const without = database.prepare<{ readonly path: string }>(
    `SELECT value AS path FROM json_each(?)
      WHERE NOT EXISTS (SELECT 1 FROM file_analysis WHERE file_path = value)`,
  );
  const totals = database.prepare<Record<string, number>>(
    `SELECT ${SUMS.join(', ')} FROM file_analysis JOIN files ON path = file_path WHERE ${among('file_path')}`,
  );
  const coverage = database.prepare<{
    readonly files: number;
    readonly answered: number;
    readonly missing: number;
  }>(
    `SELECT count(*) AS files, total(length(answer_keys) / ${KEY_BYTES}) AS answered,
      total(missing_count) AS missing FROM file_analysis WHERE model_id <> ''`,
  );
  const worst = WORST_SEVERITIES.map((severity) => ({
    severity,
    select: database.prepare<{ readonly path: string; readonly worst: string }>(
      `SELECT file_path AS path, worst FROM file_analysis WHERE ${severity} > 0 AND ${among('file_path')}
        ORDER BY file_path LIMIT @limit`,
    ),
  }));
  const put = database.prepare(UPSERT);
  const blob = database.prepare<BlobRow>(
    `SELECT schema_version AS version, checksum, analysis_json AS blob FROM file_analysis WHERE file_path = ?`,
  );
  const touch =
    database.prepare(`UPDATE file_analysis SET last_accessed = @now, access_count = access_count + 1
    WHERE last_accessed < @before`);

  return {
    results: (paths) => rows.all({ paths: listed(paths) }),
    // `0` follows `/` in the order of bytes.
    unsettled: (variant) => unsettled.all({ first: `${variant}/`, after: `${variant}0` }),
    withoutResult: (paths) => without.all(JSON.stringify(paths)).map(({ path }) => path),
    totals(paths) {
      const sums = totals.get({ paths: listed(paths) }) ?? {};
      const sum = (name: string): number => sums[name] ?? 0;
      const over = <Name extends string, Value>(names: readonly Name[], of: (name: Name) => Value) =>
        Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, Value>;
      return {
        files: sum('files'),
        findings: over(SEVERITIES, sum),
        suppressed: sum('suppressed'),
        scores: over(SCORES, (name) => ({ points: sum(`${name}_points`), lines: sum(`${name}_lines`) })),
      };
    },
    coverage() {
      const { files = 0, answered = 0, missing = 0 } = coverage.get() ?? {};
      return files === 0 ? null : { answered, missing };
    },
    worst(limit, paths) {
      const findings = new Map<string, Finding[]>();
      const damaged = new Set<string>();
      let left = limit;
      for (const { severity, select } of worst) {
        for (const row of left > 0 ? select.all({ paths: listed(paths), limit: left }) : []) {
          const stored = findingsIn(row.worst);
          if (stored === null) damaged.add(row.path);
          const own = (stored ?? []).filter((finding) => finding.severity === severity).slice(0, left);
          if (own.length > 0) findings.set(row.path, [...(findings.get(row.path) ?? []), ...own]);
          left -= own.length;
        }
      }
      return { findings, damaged: [...damaged] };
    },
    putResults: (given) =>
      database.transaction(() => given.forEach((row) => put.run({ ...row, repo_id: repository }))),
    async getAnalysis<Result extends object>(path: string) {
      const row = blob.get(path);
      if (row === undefined) return null;
      const value = await (await codec()).decode(row.blob, row.checksum);
      return value === null ? null : migrated<Result>(RESULT_SCHEMA, row.version, value);
    },
    touch: (nowMs) => void touch.run({ now: nowMs, before: nowMs - ACCESS_GRAIN_MS }),
  };
}

function findingsIn(json: string): readonly Finding[] | null {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? (value as readonly Finding[]) : null;
  } catch {
    return null;
  }
}
