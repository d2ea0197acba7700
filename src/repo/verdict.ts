import type { Entry } from './entries.ts';
import type { Rules } from './ignore-rules.ts';
import { decide, foldCase } from './ignore-rules.ts';

export type Kind = 'directory' | 'rust' | 'link';
export type Verdict = 'included' | 'ignored' | 'ignored-by-git';

/** The rules in reach of a directory, and its path as they see it. */
interface Place {
  readonly git: Rules;
  /** `.rustassistantignore`: what it says holds, also against git. */
  readonly own: Rules;
  readonly bytes: string;
}

/** Null for what cannot hold Rust code. */
export function kindOf(entry: Entry): Kind | null {
  if (entry.isDirectory()) return 'directory';
  if (entry.name.endsWith('.rs')) return 'rust';
  return entry.isSymbolicLink() ? 'link' : null;
}

export function judge(place: Place, name: string, kind: Kind, fold: boolean): Verdict {
  const { git, own } = place;
  const reach = kind === 'rust' ? 'rust' : 'all';
  if (git[reach] === null && own[reach] === null) return 'included';
  return judgeBytes(place, toBytes(name, fold), kind);
}

/** The same for a name as `toBytes` makes it. */
export function judgeBytes({ git, own, bytes }: Place, name: string, kind: Kind): Verdict {
  const ours = decide(own, bytes, name, kind);
  if (ours !== null) return ours;
  return decide(git, bytes, name, kind) === 'ignored' ? 'ignored-by-git' : 'included';
}

/** A name as patterns see it: one character per byte, in lower case where git ignores case. */
export function toBytes(name: string, fold: boolean): string {
  const bytes = /^[\x00-\x7f]*$/.test(name) ? name : Buffer.from(name).toString('latin1');
  return fold ? foldCase(bytes) : bytes;
}
