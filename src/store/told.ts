import type { Database } from './database.ts';
import type { Paths } from './files.ts';
import { among, listed } from './files.ts';

/** A file whose result is another than the one that was told last. Findings as `packTold` has them. */
export interface ToldChange {
  readonly path: string;
  /** Null where nothing of it was ever told. */
  readonly before: Uint8Array | null;
  readonly now: Uint8Array;
  /** Milliseconds since the epoch; tells one result of a file from another. */
  readonly createdAt: number;
  /** 1 where no item lacks an answer, else 0. */
  readonly complete: 0 | 1;
}

export interface ToldGone {
  readonly path: string;
  readonly before: Uint8Array;
}

/** What a person was told of findings, so that the next run can say what is new; apart for each who is `asked`. */
export interface Told {
  changes(asked: string, paths: Paths): ToldChange[];
  /** What was told of files that have no result now. */
  withoutResult(asked: string): ToldGone[];
  /** Whether the repository was told of as a whole. */
  wasWhole(asked: string): boolean;
  /** One transaction. `findings`: what the next run compares with. */
  tell(
    asked: string,
    news: {
      readonly told: readonly {
        readonly path: string;
        readonly createdAt: number;
        readonly findings: Uint8Array;
      }[];
      readonly gone: readonly string[];
      readonly whole: boolean;
    },
  ): void;
}

/** Stands for the repository as a whole: no file has this path. */
const WHOLE = '';

export function toldOf(database: Database): Told {
  const changes = database.prepare<ToldChange>(
    `SELECT file_analysis.file_path AS path, told.findings AS before, finding_keys AS now,
        file_analysis.created_at AS createdAt, complete
      FROM file_analysis LEFT JOIN told ON told.file_path = file_analysis.file_path AND asked = @asked
      WHERE told.created_at IS NOT file_analysis.created_at AND ${among('file_analysis.file_path')}
      ORDER BY file_analysis.file_path`,
  );
  const without = database.prepare<ToldGone>(
    `SELECT file_path AS path, findings AS before FROM told WHERE asked = @asked AND file_path <> '${WHOLE}'
      AND NOT EXISTS (SELECT 1 FROM file_analysis WHERE file_analysis.file_path = told.file_path)`,
  );
  const whole = database.prepare(`SELECT 1 AS there FROM told WHERE asked = ? AND file_path = '${WHOLE}'`);
  const put = database.prepare('INSERT OR REPLACE INTO told VALUES (@asked, @path, @createdAt, @findings)');
  const remove = database.prepare('DELETE FROM told WHERE asked = ? AND file_path = ?');
  return {
    changes: (asked, paths) => changes.all({ asked, paths: listed(paths) }),
    withoutResult: (asked) => without.all({ asked }),
    wasWhole: (asked) => whole.get(asked) !== undefined,
    tell: (asked, news) =>
      database.transaction(() => {
        for (const one of news.told) put.run({ asked, ...one });
        for (const path of news.gone) remove.run(asked, path);
        if (news.whole) put.run({ asked, path: WHOLE, createdAt: 0, findings: new Uint8Array() });
      }),
  };
}
