import { firstLine } from '../place.ts';
import type { LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { isCommented } from '../text.ts';
import type { Site } from '../../types.ts';

const EMPTY_ARM = /^Err\(\s*_\w*\s*\)\s*=>\s*(?:\{\s*\}|\(\s*\))\s*,?$/;
const EMPTY_IF = /^if\s+let\s+Err\(\s*_\w*\s*\)\s*=\s*[^{}]{1,300}\{\s*\}$/;
const SHORT = 40;

/** `Err(_) => {}`. */
const emptyArm: SiteCheck = (file, site) => {
  if (site.end - site.start > SHORT || !file.text.startsWith('Err', site.start)) return null;
  return EMPTY_ARM.test(file.text.slice(site.start, site.end)) ? swallowed(file, site) : null;
};

/** `if let Err(_) = f() {}`. */
const emptyIf: SiteCheck = (file, site) => {
  if (site.end - site.start > 10 * SHORT || file.text.charAt(site.end - 2).trim() !== '{') {
    if (!/\{\s*\}$/.test(file.text.slice(Math.max(site.start, site.end - SHORT), site.end))) return null;
  }
  return EMPTY_IF.test(file.text.slice(site.start, site.end)) ? swallowed(file, site) : null;
};

function swallowed(file: LintFile, site: Site): ReturnType<SiteCheck> {
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
