import { firstLine, functionBefore, itemsAround } from '../place.ts';
import type { LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { isCommented } from '../text.ts';
import type { Site } from '../../types/syntax.ts';

const EMPTY_ARM = /^Err\(\s*_\w*\s*\)\s*=>\s*(?:\{\s*\}|\(\s*\))\s*,?$/;
const EMPTY_IF = /^if\s+let\s+Err\(\s*_\w*\s*\)\s*=\s*[^{}]{1,300}\{\s*\}$/;
const SHORT = 40;

/** What may well be absent, or is tried again: its failure is no error. */
const MAY_FAIL =
  /\benv::var|\bcompare_exchange|\btry_(?:lock|recv|send|from|into|parse)\w*\(|\.send\(|\.recv\(|\.parse(?:::<[^>]*>)?\(|\bfrom_utf8|\bbinary_search/;
const HEAD = 400;

/** `Err(_) => {}`, where no other arm of the match takes errors. */
const emptyArm: SiteCheck = (file, site) => {
  const { text, sites } = file;
  if (site.end - site.start > SHORT || !text.startsWith('Err', site.start)) return null;
  if (!EMPTY_ARM.test(text.slice(site.start, site.end))) return null;
  const match = sites[site.parent];
  if (match === undefined) return null;
  // What succeeds is told apart; the rest, errors too, is none of that.
  if ((text.slice(match.start, match.end).match(/\bOk\(/g) ?? []).length > 1) return null;
  const arms = text.slice(Math.max(match.start, site.start - 2_000), site.start);
  const head = text.slice(match.start, match.start + HEAD).split('{')[0] ?? '';
  if (
    /(?<!\w)Err\(/.test(arms) ||
    MAY_FAIL.test(head) ||
    !isFailure(file, site, head) ||
    isCommented(text, { ...match, end: match.start + head.length })
  )
    return null;
  return swallowed(file, site);
};

/** Whether the head of a match calls something that may fail: not a value at hand, and nothing that only looks. */
function isFailure(file: LintFile, site: Site, head: string): boolean {
  if (!head.includes('(') || /\b(?:is|can|check|plausible|probe)_\w*\(/.test(head)) return false;
  const value = /^match\s+&?(\w+)\./.exec(head)?.[1];
  if (value === undefined) return true;
  const bound = new RegExp(`\\blet\\s+${value}\\s*=([^;]{0,200});`).exec(functionBefore(file, site));
  return !MAY_FAIL.test(bound?.[1] ?? '');
}

/** `if let Err(_) = f() {}`. */
const emptyIf: SiteCheck = (file, site) => {
  if (site.end - site.start > 10 * SHORT || file.text.charAt(site.end - 2).trim() !== '{') {
    if (!/\{\s*\}$/.test(file.text.slice(Math.max(site.start, site.end - SHORT), site.end))) return null;
  }
  return EMPTY_IF.test(file.text.slice(site.start, site.end)) ? swallowed(file, site) : null;
};

function swallowed(file: LintFile, site: Site): ReturnType<SiteCheck> {
  for (const item of itemsAround(file, site))
    if (item.kind === 'impl' && /\bDrop for\b/.test(item.signature)) return null;
  if (isCommented(file.text, site)) return null;
  return {
    rule: 'swallowed-error',
    ...firstLine(file, site),
    message:
      'The error is matched and dropped: neither the caller nor a log will know of it, and no comment says why that is right.',
    suggestion: 'Handle, return or log it; where it truly does not matter, say so in a comment.',
  };
}

export const swallowedChecks: SiteChecks = { kinds: { 'match-arm': emptyArm, if: emptyIf } };
