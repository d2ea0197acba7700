import type { Scores, Severity } from '../types/finding.ts';
import type { Database, SqlValue } from './database.ts';

/** What a whole repository came to at the end of a run. */
export interface Run extends Readonly<Record<Severity, number>>, Scores {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly commit: string | null;
  /** `''` where local rules alone had a part in it. */
  readonly model: string;
  readonly files: number;
  readonly lines: number;
  readonly suppressed: number;
  /** What this run spent. 1 USD = 10^10 ticks. */
  readonly ticks: number;
}

/** The part of `analysis.db` that remembers how a repository went. */
export interface Runs {
  /** Remembers a run, unless it cost nothing and all is as after the last one. */
  recordRun(run: Run): void;
  /** The last ones, the newest first. */
  lastRuns(limit: number): Run[];
}

/** So many are kept. */
const KEPT = 100;

const COLUMNS = [
  ...['at', 'model', 'files', 'lines', 'critical', 'high', 'medium', 'low', 'info', 'suppressed', 'ticks'],
  ...['quality', 'security', 'maintainability', 'complexity', 'documentation'],
] as const;
const NAMES = `commit_id, ${COLUMNS.join(', ')}`;

export function runsOf(database: Database): Runs {
  const last = database.prepare<Run>(
    `SELECT commit_id AS "commit", ${COLUMNS.join(', ')} FROM runs ORDER BY id DESC LIMIT ?`,
  );
  const put = database.prepare(
    `INSERT INTO runs (${NAMES}) VALUES (@commit, ${COLUMNS.map((name) => `@${name}`).join(', ')})`,
  );
  const drop = database.prepare(`DELETE FROM runs WHERE id <= (SELECT max(id) FROM runs) - ${KEPT}`);
  return {
    recordRun: (run) =>
      database.transaction(() => {
        const [before] = last.all(1);
        if (before !== undefined && run.ticks === 0 && stateOf(before) === stateOf(run)) return;
        put.run({ ...run } satisfies Record<string, SqlValue>);
        drop.run();
      }),
    lastRuns: (limit) => last.all(limit),
  };
}

/** All but when it was and what it cost. */
function stateOf(run: Run): string {
  const names = COLUMNS.filter((name) => name !== 'at' && name !== 'ticks');
  return JSON.stringify([run.commit, ...names.map((name) => run[name])]);
}
