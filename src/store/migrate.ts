import { UserError } from '../errors.ts';
import type { RawDatabase } from './driver.ts';

/**
 * Brings a database to the last of its numbered, append-only migrations, in one transaction under the write
 * lock, so that of two processes that open a new file together one migrates and the other finds it done.
 * Throws UserError `newer-database` where a newer program has been here.
 */
export function migrate(database: RawDatabase, path: string, migrations: readonly string[]): void {
  if (versionOf(database, path, migrations.length) === migrations.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    const from = versionOf(database, path, migrations.length);
    for (const sql of migrations.slice(from)) database.exec(sql);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.inTransaction()) database.exec('ROLLBACK');
    throw error;
  }
}

/** The file's version, 0 where it is new; throws where it is above `known`. */
export function versionOf(database: RawDatabase, path: string, known: number): number {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
    readonly user_version: number;
  };
  if (version <= known) return version;
  throw new UserError(
    'newer-database',
    `${path} was written by a newer rustassistant (version ${version} of its tables; this one knows ${known})`,
    'Update rustassistant, or point RUSTASSISTANT_HOME at another directory.',
  );
}
