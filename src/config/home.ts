import { userInfo } from 'node:os';
import { isAbsolute, join, parse, resolve } from 'node:path';
import { UserError } from '../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder that everything is stored under: `RUSTASSISTANT_HOME`, else `~/.rustassistant`. Absolute,
 * without a slash at its end; not made, not looked at.
 */
export function resolveHome(env: Environment): string {
  const given = env.RUSTASSISTANT_HOME;
  if (given === undefined) return join(userHome(env), '.rustassistant');
  const hint = 'Give it the absolute path of a folder, or unset it to use ~/.rustassistant.';
  // Empty is refused too: it is what a script's misspelt variable leaves, and means another ledger.
  if (given.trim() === '') throw new UserError('bad-home', 'RUSTASSISTANT_HOME is empty', hint);
  if (!isAbsolute(given) || given.includes('\0')) {
    throw new UserError(
      'bad-home',
      `RUSTASSISTANT_HOME is not an absolute path: ${JSON.stringify(given)}`,
      hint,
    );
  }
  const home = resolve(given);
  if (home === parse(home).root)
    throw new UserError('bad-home', `RUSTASSISTANT_HOME is ${home} itself`, hint);
  return home;
}

/** The user's own folder: `HOME` where it is usable, else what the password file tells. */
export function userHome(env: Environment): string {
  const home = env.HOME ?? '';
  if (isAbsolute(home) && !home.includes('\0')) return home;
  const { homedir } = passwordEntry();
  if (isAbsolute(homedir)) return homedir;
  throw noHome();
}

/** A path as settings name it: `~/` is the user's own folder. */
export function expandPath(path: string, env: Environment): string {
  return path.startsWith('~/') ? resolve(userHome(env), path.slice(2)) : path;
}

function passwordEntry(): { readonly homedir: string } {
  try {
    return userInfo();
  } catch {
    // A user id without an entry, as containers have them.
    throw noHome();
  }
}

function noHome(): UserError {
  const hint = 'Set RUSTASSISTANT_HOME to the absolute path of a folder.';
  return new UserError(
    'no-home',
    'no home folder: HOME is not set and the system knows none for this user',
    hint,
  );
}
