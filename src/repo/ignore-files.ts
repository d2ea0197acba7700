import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import type { Notice } from '../types/run.ts';
import type { Rules } from './ignore-rules.ts';
import { addRules, NO_RULES } from './ignore-rules.ts';
import type { Root } from './root.ts';

/** Same syntax and reach as `.gitignore`, in every directory, and stronger than all of them together. */
export const OWN_IGNORE_FILE = '.rustassistantignore';

/** No one writes so many patterns by hand, and each costs time on each path. */
const MAX_BYTES = 1024 * 1024;

interface ReadOptions {
  readonly fold: boolean;
  readonly notices: Notice[];
}

/** What holds everywhere: the user's excludes file, and above it the repository's `info/exclude`. */
export function globalRules(root: Root, excludesFile: string | null, options: ReadOptions): Rules {
  let rules = NO_RULES;
  if (excludesFile !== null) rules = readRules(excludesFile, 0, rules, options);
  if (root.gitCommonDir === null) return rules;
  return readRules(join(root.gitCommonDir, 'info', 'exclude'), 0, rules, options);
}

/**
 * Puts a file's patterns over the weaker ones. `base`: length of its directory's path in bytes, final slash
 * included. What cannot be read is noted.
 */
export function readRules(path: string, base: number, weaker: Rules, options: ReadOptions): Rules {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile()) return weaker;
    if (stats.size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
    return addRules(weaker, readFileSync(path, 'latin1'), base, options);
  } catch (error) {
    const message = `${path} was not read: ${messageOf(error)}`;
    options.notices.push({ code: 'ignore-file-unread', message });
    return weaker;
  }
}
