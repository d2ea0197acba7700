import { join } from 'node:path';
import type { Notice } from '../types/run.ts';
import { printable } from '../util/printable.ts';

/** Names files so that an agent can open them: of one repository relative to it, which is said first; else in full. */
export interface Naming {
  /** Ends with a line break; `''` where paths are given in full. */
  readonly head: string;
  path(root: string, path: string): string;
}

export function namingIn(roots: readonly string[]): Naming {
  const [only, ...others] = new Set(roots);
  if (only === undefined || others.length > 0) return { head: '', path: join };
  return { head: `in ${printable(only)}:\n`, path: (_root, path) => path };
}

/** One line each; `''` where there are none. */
export function notesText(notices: readonly Notice[]): string {
  return notices.map(({ message }) => `note: ${printable(message)}\n`).join('');
}

/** Says that an answer is not the whole one, and how to get the rest. */
export function trimmed(message: string): Notice {
  return { code: 'trimmed', message };
}
