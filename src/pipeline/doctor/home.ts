import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { resolveHome } from '../../config/home.ts';
import { messageOf } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { Check } from '../../report/doctor.ts';
import { layoutOf, lookAt, nearest } from '../../store/layout.ts';
import { byteSize } from '../../util/numbers.ts';
import { shellWord } from '../../util/shell.ts';
import { fail, ok, warn } from './check.ts';

/** Databases grow by this between two looks; less is no room to work in. */
const LEAST_BYTES = 20e6;
const FEW_BYTES = 500e6;

/** Where everything is stored: there, ours, private, on a disk that serves, with room. */
export function checkHome(host: Host): Check[] {
  const home = resolveHome(host.env);
  const at = nearest(home);
  return [...checkDirectory(home, at), ...checkDisk(home, [at, nearest(layoutOf(home).cache)])];
}

function checkDirectory(home: string, at: string): Check[] {
  const exists = statSync(home, { throwIfNoEntry: false });
  if (exists !== undefined && !exists.isDirectory()) {
    return [fail('home', `${home} is no directory`, 'Move it away, or let RUSTASSISTANT_HOME name another.')];
  }
  try {
    accessSync(at, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const hint = 'Let RUSTASSISTANT_HOME name a directory that you may write to.';
    return [fail('home', `${at} cannot be written: ${messageOf(error)}`, hint)];
  }
  if (exists === undefined) return [ok('home', `${home} (not there yet: the first analysis makes it)`)];
  // Windows tells neither modes nor owners this way.
  const user = process.getuid?.();
  if (user !== undefined && exists.uid !== user) {
    const hint = 'What others own they can change: let RUSTASSISTANT_HOME name a directory of yours.';
    return [warn('home', `${home} belongs to another user`, hint)];
  }
  if (user !== undefined && (exists.mode & 0o077) !== 0) {
    const mode = (exists.mode & 0o777).toString(8).padStart(4, '0');
    return [warn('home', `${home} is open to others (mode ${mode})`, `Run: chmod 700 ${shellWord(home)}`)];
  }
  return [ok('home', home)];
}

function checkDisk(home: string, places: readonly string[]): Check[] {
  const checks: Check[] = [];
  const disks = new Map(places.map((place) => [statSync(place).dev, place]));
  for (const place of disks.values()) {
    const { kind, name } = lookAt(place);
    const { bavail, bsize } = statfsSync(place);
    const free = bavail * bsize;
    const room = `${byteSize(free)} free`;
    if (kind === 'network') {
      const hint = 'SQLite databases get damaged there: let RUSTASSISTANT_HOME name a local disk.';
      checks.push(fail('disk', `${home} lies on a network file system (${name})`, hint));
    } else if (free < LEAST_BYTES) checks.push(fail('disk', `${place}: ${room}`, 'Free some space.'));
    else if (free < FEW_BYTES) {
      checks.push(warn('disk', `${place}: ${room}`, 'The cache may need 500 MB: see cache.max_size.'));
    } else
      checks.push(
        ok('disk', `${room}${kind === 'plain' ? `, ${name}: slower, without a write-ahead log` : ''}`),
      );
  }
  return checks;
}
