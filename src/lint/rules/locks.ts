import { enclosing, holds, mentions } from '../place.ts';
import type { Hit, LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { lineEnd } from '../text.ts';
import type { Site, SiteKind } from '../../types/syntax.ts';

/** Of a value or an argument list so many characters are read, of a function so many sites after a guard. */
const TAIL = 300;
const LOOK_AHEAD = 500;

const UNPOISONED = /\bparking_lot\b|\bspin::/;
const ASYNC_LOCK = /\btokio::sync\b|\basync_lock\b|\bfutures(?:_util)?::lock\b|\basync_std::sync\b/;

/** What runs by itself: an `await` in it is not one of the function around it. */
const RUNS: ReadonlySet<SiteKind> = new Set(['fn', 'closure', 'async-block']);
const SCOPES: ReadonlySet<SiteKind> = new Set([
  'fn',
  'closure',
  'async-block',
  'unsafe-block',
  'block',
  'match-arm',
  'loop',
]);
const GUARD_CALLS = new Set([
  'lock',
  'read',
  'write',
  'borrow_mut',
  'lock_arc',
  'read_arc',
  'write_arc',
  'upgradable_read',
]);
const UNWRAP = String.raw`(?:\s*\?|\s*\.\s*(?:unwrap|expect|unwrap_or_else|map_err|ok)\s*\((?:[^()]|\([^()]*\))*\))`;
const ACQUIRES = new RegExp(
  String.raw`(?:\.\s*(lock|read|write|borrow_mut|lock_arc|read_arc|write_arc|upgradable_read)\s*\(\s*\)|(?:Mutex|RwLock)(?:::<[^;]{0,40}>)?::(lock|read|write)\s*\([^()]*\))(${UNWRAP}*)\s*;?\s*$`,
);
const BINDING = /^(?:(?:Ok|Some)\s*\(\s*)?(?:mut\s+)?([A-Za-z_]\w*)\s*\)?$/;
const MESSAGE =
  'While this task waits, every thread that wants the lock stops; if one of them must run for the wait to end, both wait for ever.';
const SUGGESTION =
  'Take what is needed out of the guard and end its scope (or `drop` it) before the `.await`, or use an async mutex.';

/** `let guard = m.lock().unwrap();` with an `.await` before the guard's scope ends or it is dropped. */
const boundGuard: SiteCheck = (file, site, index) => {
  const { text, sites } = file;
  if (!file.awaits) return null;
  const value = valueOf(text, site);
  const typed = text.slice(site.start, site.detail).includes('Guard<');
  if (!typed && !mentionsGuard(value)) return null;
  const name = BINDING.exec(site.name)?.[1];
  if (name === undefined || name === '_') return null;
  const copied = text.charAt(site.detail) === '*';
  if (typed ? /\.\s*await\b/.test(value) : copied || !acquires(file, value)) return null;
  const scope = sites[enclosing(sites, index, SCOPES)];
  if (scope === undefined) return null;
  const runner = enclosing(sites, index, RUNS);
  const wait = firstWait(file, { from: site.end, to: scope.end, index, runner, name });
  return wait === null ? null : hit(file, site, wait, name);
};

/** The end of what is bound, without a `let … else`'s alternative. */
function valueOf(text: string, { detail, end }: Site): string {
  const head = text.slice(detail, Math.min(end, detail + TAIL));
  const alternative = /\belse\s*\{/.exec(head);
  return alternative === null
    ? text.slice(Math.max(detail, end - TAIL), end)
    : head.slice(0, alternative.index);
}

function acquires(file: LintFile, value: string): boolean {
  const match = ACQUIRES.exec(value);
  if (match === null) return false;
  const [, method = '', , unwrapped = ''] = match;
  if (unwrapped !== '' || method === '' || method === 'borrow_mut') return true;
  // Without an unwrap the lock is none of the standard library's: one that cannot be poisoned, or an async one's future.
  if (mentions(file, UNPOISONED)) return true;
  return method.endsWith('lock') && !mentions(file, ASYNC_LOCK);
}

function mentionsGuard(text: string): boolean {
  return (
    text.includes('lock') || text.includes('read') || text.includes('write') || text.includes('borrow_mut')
  );
}

interface Life {
  readonly from: number;
  readonly to: number;
  readonly index: number;
  readonly runner: number;
  readonly name: string;
}

/** The first `.await` that the guard lives to see, or null. Looks at so many sites after it. */
function firstWait({ text, sites }: LintFile, { from, to, index, runner, name }: Life): Site | null {
  const released: Site[] = [];
  const moves = new RegExp(`[(,]\\s*${name}\\s*[,)]`);
  const last = Math.min(sites.length, index + LOOK_AHEAD);
  for (let at = index + 1; at < last; at += 1) {
    const site = sites[at] as Site;
    if (site.start >= to) break;
    if (site.start < from || (site.kind !== 'call' && site.kind !== 'await')) continue;
    if (enclosing(sites, at, RUNS) !== runner) continue;
    if (site.kind === 'call') {
      const scope = moves.test(text.slice(site.detail, Math.min(site.end, site.detail + TAIL)))
        ? sites[enclosing(sites, at, SCOPES)]
        : undefined;
      if (scope !== undefined && !isAwaited(text, site)) released.push(scope);
      continue;
    }
    // `name.await`: what was bound is a future, no guard.
    if (new RegExp(`^${name}\\s*\\.\\s*await$`).test(text.slice(site.start, site.end))) return null;
    if (!released.some((scope) => holds(scope, site))) return site;
  }
  return null;
}

function isAwaited(text: string, { end }: Site): boolean {
  return /^\s*\.\s*await\b/.test(text.slice(end, end + 40));
}

/** A guard that no one bound: it lives to the end of the statement, or of the `match`, `if let`, `for` it heads. */
const headGuard: SiteCheck = (file, site, index) => {
  if (!file.awaits) return null;
  const { text, sites } = file;
  const word = /^(?:match|if\s+let|while\s+let|for)\b|^'\w+\s*:\s*(?:while\s+let|for)\b/.exec(
    text.slice(site.start, site.start + 60),
  );
  if (word === null) return null;
  const runner = enclosing(sites, index, RUNS);
  let guard: Site | null = null;
  let body = site.end;
  const last = Math.min(sites.length, index + LOOK_AHEAD);
  for (let at = index + 1; at < last; at += 1) {
    const inner = sites[at] as Site;
    if (inner.start >= site.end) break;
    if (inner.parent === index && (inner.kind === 'block' || inner.kind === 'match-arm')) {
      body = Math.min(body, inner.start);
    }
    if (guard === null) {
      if (inner.start >= body) return null;
      if (isGuardCall(file, inner) && enclosing(sites, at, RUNS) === runner) guard = inner;
    } else if (inner.kind === 'await' && inner.start >= body && enclosing(sites, at, RUNS) === runner) {
      return hit(file, guard, inner, null);
    }
  }
  return null;
};

/** `send(m.lock().unwrap().take()).await`: the temporary guard lives through the wait. */
const temporaryGuard: SiteCheck = (file, site, index) => {
  const { text, sites } = file;
  if (!mentionsGuard(text.slice(Math.max(site.start, site.end - 4 * TAIL), site.end))) return null;
  const runner = enclosing(sites, index, RUNS);
  const last = Math.min(sites.length, index + LOOK_AHEAD);
  for (let at = index + 1; at < last; at += 1) {
    const inner = sites[at] as Site;
    if (inner.start >= site.end) break;
    if (!isGuardCall(file, inner) || enclosing(sites, at, RUNS) !== runner) continue;
    const scope = sites[enclosing(sites, at, SCOPES)];
    if (scope !== undefined && scope.start > site.start) continue;
    return hit(file, inner, site, null);
  }
  return null;
};

function isGuardCall(file: LintFile, site: Site): boolean {
  const { text } = file;
  if (site.kind !== 'call' || !GUARD_CALLS.has(site.name)) return false;
  if (!/^\(\s*\)$/.test(text.slice(site.detail, site.end)) || isAwaited(text, site)) return false;
  if (!/\.\s*\w+\s*$/.test(text.slice(Math.max(0, site.detail - 40), site.detail))) return false;
  const after = text.slice(site.end, site.end + 40);
  if (/^\s*(?:\.\s*(?:unwrap|expect)\b|\?)/.test(after)) return true;
  // Something is done with the guard: a bare `lock()` may be a future that is handed on, or anyone's method.
  if (!/^\s*\.(?!\.)/.test(after)) return false;
  return site.name === 'borrow_mut' || mentions(file, UNPOISONED);
}

function hit({ text }: LintFile, guard: Site, wait: Site, name: string | null): Hit {
  return {
    rule: 'lock-across-await',
    start: guard.start,
    end: Math.min(guard.end, lineEnd(text, guard.start)),
    title:
      name === null ? 'temporary lock guard held across .await' : `lock guard \`${name}\` held across .await`,
    message: `${MESSAGE} The wait: \`${text.slice(wait.start, wait.end).replace(/\s+/g, ' ').slice(-60)}\`.`,
    suggestion: SUGGESTION,
  };
}

export const lockChecks: SiteChecks = {
  kinds: { let: boundGuard, match: headGuard, if: headGuard, loop: headGuard, await: temporaryGuard },
};
