import { calleeOf, enclosing, firstLine, functionAround, functionText, mentions } from '../place.ts';
import type { LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { isCommented } from '../text.ts';
import type { Site, SiteKind } from '../../types/syntax.ts';

const STD_MPSC = /\bstd::sync::(?:\{[^;]{0,200}\b)?mpsc\b/;
const MODULES =
  /(?:^|::)(?:mpsc|channel|crossbeam_channel|crossbeam|flume|async_channel|kanal|futures_channel)::(?:\w+::)*unbounded$/;
const IMPORTED =
  /\buse\s[^;]{0,200}\b(?:mpsc|channel|crossbeam_channel|flume|async_channel)::(?:\{[^}]{0,200}\b)?unbounded\b/;
/** What runs by itself: a receiver that is emptied in it is emptied elsewhere. */
const RUNS: ReadonlySet<SiteKind> = new Set(['fn', 'closure', 'async-block']);
const PAIR = /\blet\s*\(\s*(?:mut\s+)?\w+\s*,\s*(?:mut\s+)?(\w+)\s*\)[^;=]{0,100}=\s*$/;
const TAKES = /\.(?:recv|try_recv|recv_timeout|iter|try_iter|into_iter|next)$/;
const LIMIT = /semaphore|limit\b|\bbound\b/i;

const unbounded: SiteCheck = (file, site, index) => {
  const callee = calleeOf(file, site).replace(/::<.*>$/, '');
  if (!isUnbounded(file, site, callee) || isCommented(file.text, site)) return null;
  if (isBounded(file, site, index)) return null;
  return {
    rule: 'unbounded-channel',
    ...firstLine(file, site),
    title: `unbounded channel (\`${callee.slice(-40)}\`)`,
    message:
      'Where messages come faster than they are taken, memory grows until the process is killed; nothing slows the sender down.',
    suggestion:
      'Use a bounded channel (`sync_channel`, `channel(n)`, `bounded(n)`), or say in a comment what bounds the messages.',
  };
};

function isUnbounded(file: LintFile, site: Site, callee: string): boolean {
  if (site.name === 'unbounded_channel') return !callee.includes('.');
  if (site.name === 'unbounded')
    return MODULES.test(callee) || (callee === 'unbounded' && mentions(file, IMPORTED));
  return (
    /(?:^|::)mpsc::channel$/.test(callee) &&
    isEmpty(file, site) &&
    (callee.startsWith('std::') || mentions(file, STD_MPSC))
  );
}

/** Whether the messages are few by what stands around, or the function is a channel's own constructor. */
function isBounded(file: LintFile, site: Site, index: number): boolean {
  if (/channel|unbounded/.test(functionAround(file, site)?.name ?? '')) return true;
  if (LIMIT.test(functionText(file, site))) return true;
  const receiver = PAIR.exec(file.text.slice(Math.max(0, site.start - 200), site.start))?.[1];
  return receiver !== undefined && (receiver.startsWith('_') || isEmptiedHere(file, index, receiver));
}

function isEmptiedHere(file: LintFile, index: number, receiver: string): boolean {
  const { text, sites } = file;
  const runs = enclosing(sites, index, RUNS);
  const end = sites[runs]?.end ?? 0;
  const loop = new RegExp(`^for\\s[^{]*\\bin\\s+&?(?:mut\\s+)?${receiver}\\b`);
  for (let at = index + 1; at < sites.length && (sites[at] as Site).start < end; at += 1) {
    const { kind, start, detail } = sites[at] as Site;
    const takes =
      kind === 'call'
        ? text.startsWith(receiver, start) && TAKES.test(text.slice(start, detail))
        : kind === 'loop' && loop.test(text.slice(start, start + 200));
    if (takes && enclosing(sites, at, RUNS) === runs) return true;
  }
  return false;
}

function isEmpty({ text }: LintFile, { detail, end }: Site): boolean {
  return text.slice(detail + 1, end - 1).trim() === '';
}

export const channelChecks: SiteChecks = {
  calls: { unbounded_channel: unbounded, unbounded, channel: unbounded },
};
