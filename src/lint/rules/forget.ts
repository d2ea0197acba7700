import { detailOf, firstLine, functionAround, functionBefore, functionText } from '../place.ts';
import type { Hit, LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { commentBeside, commentsAbove, lineEnd } from '../text.ts';
import type { Site } from '../../types/syntax.ts';
import { ofMem } from './memory.ts';

/** What exists to be forgotten when all went well. */
const GUARD = /guard|bomb|trap|abort|drop|scope|hole|gap|panic|unwind|defuse|disarm/i;
/** A name that says who owns the value from here on. */
const HANDS_OVER = /clone|^(?:into_|leak|forget|detach|release|disarm|defuse|take|to_raw|as_raw)/;

const forget: SiteCheck = (file, site) => {
  if (!ofMem(file, site) || isExplained(file, site)) return null;
  const value = detailOf(file, site).slice(1, -1).trim().replace(/,$/, '');
  if (/\)$/.test(value)) return hit(file, site, value.endsWith('.clone()') ? CLONE : UNUSED);
  if (!/^[a-z]\w*$/.test(value) || value === 'self' || value === 'this') return null;
  const before = functionBefore(file, site);
  const made = new RegExp(`\\blet\\s+(?:mut\\s+)?${value}\\b\\s*(?::[^=;]{0,80})?=([^;]*);([^]*)$`).exec(
    before,
  );
  if (made === null) return isUsed(file, site, value) ? null : hit(file, site, UNUSED);
  const [, from = '', between = ''] = made;
  if (/\bfrom_raw\w*\(/.test(from) && /\?(?=[\s;,).])|\breturn\b/.test(between))
    return { ...hit(file, site, EARLY), severity: 'medium' };
  return isUsed(file, site, value) ? null : hit(file, site, UNUSED);
};

const CLONE =
  'Nothing in sight gives back the count that this adds: unless something does, the value lives on for ever.';
const UNUSED = 'Nothing is taken out of the value before: what it owns (memory, a file, a lock) is lost.';
const EARLY =
  'On the early return above, the borrowed resource is dropped after all: who lent it finds it closed or freed.';

function hit(file: LintFile, site: Site, message: string): Hit {
  return {
    rule: 'mem-forget',
    ...firstLine(file, site),
    message,
    suggestion:
      'Use `ManuallyDrop` from the start or `into_raw`, or say in a comment who owns the value now.',
  };
}

/** Whether something is read of the value, be it a field or a pointer: then its parts have a new owner. */
function isUsed(file: LintFile, site: Site, value: string): boolean {
  const text = functionText(file, site).replace(/\blet\s+(?:mut\s+)?\w+\s*(?::[^=;]{0,80})?=/g, 'let =');
  const body = text.slice(functionAround(file, site)?.signature.length ?? 0);
  return (body.match(new RegExp(`\\b${value}\\b`, 'g')) ?? []).length > 1;
}

function isExplained(file: LintFile, site: Site): boolean {
  const { text } = file;
  const around = functionAround(file, site);
  if (around === undefined || HANDS_OVER.test(around.name) || GUARD.test(around.path)) return true;
  if (GUARD.test(detailOf(file, site))) return true;
  const end = Math.min(site.end, lineEnd(text, site.start));
  return commentsAbove(text, site.start, (line) => !/\}$/.test(line)) + commentBeside(text, end) !== '';
}

export const forgetChecks: SiteChecks = { calls: { forget } };
