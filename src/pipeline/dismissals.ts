import { join } from 'node:path';
import type { Dismissals, Silence } from '../cache/dismissals.ts';
import { byKey, readDismissals, silenceHash } from '../cache/dismissals.ts';
import { readText } from '../config/read.ts';
import type { Root } from '../repo/root.ts';
import { dismissalsFile, loadDismissals } from '../store/dismissals.ts';
import type { Layout } from '../store/layout.ts';
import type { Dismissal } from '../types/finding.ts';
import type { Notice } from '../types/run.ts';
import { sha256 } from '../util/hash.ts';
import { counted, grouped } from '../util/numbers.ts';
import type { Target } from './targets.ts';

/** The file of a repository in which a team shares what it dismissed. */
export const SHARED_FILE = '.rustassistant.dismissals.jsonl';
const MAX_SHARED_FILE = 4 * 2 ** 20;

/** What was dismissed in a repository: by this home's user, and by its team. */
export interface Dismissed {
  readonly silence: Silence;
  /** `''` where nothing is silenced beside what the code says; see `silenceHash`. */
  readonly hash: string;
  readonly own: Dismissals;
  readonly shared: Dismissals;
  readonly notices: readonly Notice[];
}

/** This home's file for a repository; its work trees share one. */
export function ownFile(layout: Layout, { root, gitCommonDir }: Root): string {
  return dismissalsFile(layout, sha256(gitCommonDir ?? root));
}

/**
 * What holds for a target. The repository's own file may silence, as a comment in its code may, and it is said that it
 * does; under `--untrusted` neither is heard.
 */
export function dismissedIn(layout: Layout, { root, trust }: Target): Dismissed {
  const path = ownFile(layout, root);
  const mine = loadDismissals(path);
  const notices = damageNotice(path, mine.refused);
  const own = byKey(mine.dismissals);
  const team = trust === 'untrusted' ? NONE : sharedIn(root.root);
  const shared = byKey(team.dismissals);
  const comments = trust === 'untrusted' ? 'unheard' : 'heard';
  const silence: Silence = { dismissals: new Map([...shared, ...own]), comments };
  return { silence, hash: silenceHash(silence), own, shared, notices: [...notices, ...team.notices] };
}

interface Shared {
  readonly dismissals: readonly Dismissal[];
  /** What stands in the file and was not understood. */
  readonly refused: readonly number[];
  /** Why the file was not read; `''` where it was, or where there is none. */
  readonly unread: string;
  readonly notices: readonly Notice[];
}

const NONE: Shared = { dismissals: [], refused: [], unread: '', notices: [] };

/** What a repository's file holds. Hostile until checked: its size, each line of it, no links. */
export function sharedIn(root: string): Shared {
  const file = readText(join(root, SHARED_FILE), { maxBytes: MAX_SHARED_FILE, links: 'refuse' });
  if (file.kind === 'absent') return NONE;
  if (file.kind === 'refused') {
    const message = `${SHARED_FILE} is ${file.why} and was not read`;
    return { ...NONE, unread: file.why, notices: [{ code: 'dismissals-ignored', message }] };
  }
  const { dismissals, refused } = readDismissals(file.text);
  const notices = damageNotice(SHARED_FILE, refused);
  if (dismissals.length === 0) return { ...NONE, refused, notices };
  const message = `${SHARED_FILE} dismisses ${counted(dismissals.length, 'finding')}; they count as suppressed`;
  return {
    dismissals,
    refused,
    unread: '',
    notices: [{ code: 'repository-dismissals', message }, ...notices],
  };
}

function damageNotice(path: string, [first, ...more]: readonly number[]): Notice[] {
  if (first === undefined) return [];
  const what =
    more.length === 0
      ? `line ${first} is no dismissal`
      : `line ${first} and ${grouped(more.length)} more are no dismissals`;
  return [{ code: 'dismissals-damaged', message: `${path}: ${what} (ignored)` }];
}
