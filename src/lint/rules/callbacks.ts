import { calleeOf, enclosing, firstLine, functionAround } from '../place.ts';
import type { LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import type { Site, SiteKind } from '../../types/syntax.ts';

const SCOPES: ReadonlySet<SiteKind> = new Set(['fn', 'closure', 'async-block', 'block', 'match-arm', 'loop']);
const RUNS: ReadonlySet<SiteKind> = new Set(['fn', 'closure', 'async-block']);
const BORROWS = /\.borrow_mut\(\)\s*;?\s*$/;
const LOOK_AHEAD = 200;
const PANICS = /^\s*#+\s*Panics?\b/m;
/** Fields and variables that hold someone else's code. */
const CALLBACK =
  /^(?:callback|cb|handler|listener|hook|observer|visitor|on_\w+|\w+_(?:callback|cb|handler|listener|hook))$/;

/** `let mut list = self.list.borrow_mut();` with a callback called while it lives. */
const borrowed: SiteCheck = (file, site, index) => {
  const { text, sites } = file;
  const value = text.slice(Math.max(site.detail, site.end - 80), site.end);
  if (!value.includes('borrow_mut') || !BORROWS.test(value)) return null;
  const name = /^(?:mut\s+)?([a-z]\w*)$/.exec(site.name)?.[1];
  const scope = sites[enclosing(sites, index, SCOPES)];
  if (name === undefined || scope === undefined || text.charAt(site.detail) === '*') return null;
  if (PANICS.test(functionAround(file, site)?.doc ?? '')) return null;
  const last = Math.min(sites.length, index + LOOK_AHEAD);
  for (let at = index + 1; at < last; at += 1) {
    const call = sites[at] as Site;
    if (call.start >= scope.end) break;
    if (call.kind !== 'call' || call.start < site.end) continue;
    if (call.name === 'drop' && text.slice(call.detail, call.end).includes(name)) break;
    const callee = calleeOf(file, call);
    if (!isCallback(file, site, call, callee) || runsLater(file, index, at)) continue;
    const handed = new RegExp(`\\b${name}\\b`).test(
      text.slice(call.detail, Math.min(call.end, call.detail + 300)),
    );
    return hit(file, site, name, callee, handed);
  }
  return null;
};

/** Whether the call stands in a `move` closure that the borrow's own code does not: it is made here and run elsewhere. */
function runsLater({ text, sites }: LintFile, index: number, at: number): boolean {
  const inner = enclosing(sites, at, RUNS);
  return inner !== enclosing(sites, index, RUNS) && text.startsWith('move', (sites[inner] as Site).start);
}

/** `(self.callback)(…)`, `callback(…)`, or a parameter that is a closure. */
function isCallback(file: LintFile, site: Site, call: Site, callee: string): boolean {
  if (/^\((?:self|\w+)(?:\.\w+)+\)$/.test(callee)) return true;
  if (!/^[a-z_]\w*$/.test(callee)) return false;
  if (CALLBACK.test(callee)) return true;
  const signature = functionAround(file, site)?.signature ?? '';
  const type = new RegExp(
    `\\b${call.name}:\\s*(?:&?(?:mut\\s+)?(?:impl|dyn)\\s+Fn|Box<dyn\\s+Fn|&?(?:mut\\s+)?([A-Z])\\b)`,
  ).exec(signature);
  if (type === null) return false;
  return type[1] === undefined || new RegExp(`\\b${type[1]}:\\s*[^,>]*\\bFn`).test(signature);
}

function hit(
  file: LintFile,
  site: Site,
  name: string,
  callee: string,
  handed: boolean,
): ReturnType<SiteCheck> {
  return {
    rule: 'borrow-across-callback',
    ...firstLine(file, site),
    ...(handed ? { severity: 'low' as const } : {}),
    title: `\`${name}\` stays borrowed while \`${callee.slice(0, 40)}\` runs`,
    message:
      'Code that is not known here runs while the cell is borrowed: if it comes back to the same cell, `borrow` panics.',
    suggestion: 'Take out what is needed (`clone`, `mem::take`) and end the borrow before the call.',
  };
}

export const callbackChecks: SiteChecks = { kinds: { let: borrowed } };
