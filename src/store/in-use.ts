import { existsSync } from 'node:fs';
import { driverFor, loadDriver } from './driver.ts';
import { asFault, isBusy, isCorrupt } from './fault.ts';

/**
 * Whether another connection, of this process or another, has the database open. Exclusive locking mode takes a lock
 * that no other connection may share (https://www.sqlite.org/pragma.html#pragma_locking_mode). A file that is missing or
 * damaged is in nobody's use.
 */
export async function isInUse(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  const driver = await loadDriver(driverFor(process.versions.node));
  try {
    const database = driver(path, { readonly: false });
    try {
      database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE');
      database.prepare('SELECT count(*) FROM sqlite_schema').get();
      return false;
    } finally {
      database.close();
    }
  } catch (error) {
    if (isBusy(error)) return true;
    if (isCorrupt(error)) return false;
    throw asFault(error, path);
  }
}
