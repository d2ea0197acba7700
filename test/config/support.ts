import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../src/errors.ts';
import type { FlagValues } from '../../src/config/given.ts';
import type { KnownRules } from '../../src/config/layer.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Config, LoadOptions } from '../../src/config/load.ts';

export interface Sources {
  /** Text of the home's `config.toml`. */
  readonly user?: string | Uint8Array;
  /** Text of the repository's `.rustassistant.toml`. */
  readonly repository?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: FlagValues;
  readonly trust?: LoadOptions['trust'];
}

const RULES: KnownRules = new Map([
  ['static-mut', 'high'],
  ['long-function', 'low'],
  ['hardcoded-secret', 'critical'],
]);

/** A folder that is gone after the callback. */
export async function inFolder<T>(work: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'rustassistant-config-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Loads the sources from real files; home and repository are the same folder, their files differ. */
export function load({ user, repository, env = {}, flags = {}, trust }: Sources): Promise<Config> {
  return inFolder((folder) => {
    if (user !== undefined) writeFileSync(join(folder, 'config.toml'), user);
    if (repository !== undefined) writeFileSync(join(folder, '.rustassistant.toml'), repository);
    return loadConfig({ home: folder, env, repoRoot: folder, flags, rules: RULES, ...(trust && { trust }) });
  });
}

/** What a `UserError` says, code and hint included; anything else is thrown on. */
export async function refusal(work: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (error instanceof UserError)
      return `${error.code}: ${error.message}${error.hint && `\n> ${error.hint}`}`;
    throw error;
  }
  return 'nothing was refused';
}

/** Its notices as `code: message`. */
export function notices(config: Pick<Config, 'notices'>): readonly string[] {
  return config.notices.map(({ code, message }) => `${code}: ${message}`);
}
