import { calleeOf, firstLine, mentions } from '../place.ts';
import type { LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { isCommented } from '../text.ts';
import type { Site } from '../../types.ts';

const STD_MPSC = /\bstd::sync::(?:\{[^;]{0,200}\b)?mpsc\b/;
const MODULES =
  /(?:^|::)(?:mpsc|channel|crossbeam_channel|crossbeam|flume|async_channel|kanal|futures_channel)::(?:\w+::)*unbounded$/;
const IMPORTED =
  /\buse\s[^;]{0,200}\b(?:mpsc|channel|crossbeam_channel|flume|async_channel)::(?:\{[^}]{0,200}\b)?unbounded\b/;

const unbounded: SiteCheck = (file, site) => {
  const callee = calleeOf(file, site).replace(/::<.*>$/, '');
  if (!isUnbounded(file, site, callee) || isCommented(file.text, site)) return null;
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

function isEmpty({ text }: LintFile, { detail, end }: Site): boolean {
  return text.slice(detail + 1, end - 1).trim() === '';
}

export const channelChecks: SiteChecks = {
  calls: { unbounded_channel: unbounded, unbounded, channel: unbounded },
};
