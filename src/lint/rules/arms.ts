import { firstLine } from '../place.ts';
import type { LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { commentBeside, commentsAbove } from '../text.ts';
import type { Site } from '../../types/syntax.ts';

/** Bodies shorter than this are as short as the pattern that would join them. */
const SHORTEST_BODY = 50;
const LONGEST_ARM = 4_000;
/** A match of more arms is a table, kept one entry a line. */
const MOST_ARMS = 30;

/** Two arms of a `match` that do the same and bind nothing, so that one with `|` would say it once. */
const duplicateArms: SiteCheck = (file, site, index) => {
  if (site.end - site.start < 2 * SHORTEST_BODY) return null;
  const arms = armsOf(file, site, index);
  if (arms.length > MOST_ARMS) return null;
  const seen = new Map<string, Site>();
  for (const arm of arms) {
    const body = bodyOf(file, arm);
    if (body === null) continue;
    const first = seen.get(body);
    if (first !== undefined) return duplicate(file, first, arm);
    seen.set(body, arm);
  }
  return null;
};

function armsOf({ sites }: LintFile, site: Site, index: number): Site[] {
  const arms: Site[] = [];
  for (let at = index + 1; at < sites.length && arms.length <= MOST_ARMS; at += 1) {
    const inner = sites[at] as Site;
    if (inner.start >= site.end) break;
    if (inner.kind === 'match-arm' && inner.parent === index) arms.push(inner);
  }
  return arms;
}

/** What the arm does, white space collapsed; null where joining it with another would change or say less. */
function bodyOf({ text }: LintFile, { start, end }: Site): string | null {
  if (end - start < SHORTEST_BODY || end - start > LONGEST_ARM) return null;
  const arm = text.slice(start, end);
  const arrow = arm.indexOf('=>');
  // A comment above or beside an arm says why it stands by itself.
  if (arrow === -1 || commentBeside(text, end) !== '' || commentsAbove(text, start) !== '') return null;
  const pattern = arm.slice(0, arrow);
  if (/^\s*_\s*$|\bif\b|#\[|@|\b(?:ref|mut)\b/.test(pattern) || bindsNames(pattern)) return null;
  const body = arm
    .slice(arrow + 2)
    .replace(/\s+/g, ' ')
    .replace(/,\s*$/, '')
    .trim();
  return body.length < SHORTEST_BODY || /#\[cfg|\b(?:TODO|FIXME)\b/.test(body) ? null : body;
}

/** A lower-case name that is no path and no field's name is a binding. */
function bindsNames(pattern: string): boolean {
  const bare = pattern.replace(/"(?:[^"\\]|\\.)*"|'[^']*'|\/\/[^\n]*|\/\*[^]*?\*\//g, ' ');
  return /(?<![\w:.'])(?!true\b|false\b|_\b)[a-z_]\w*\b(?!\s*(?:::|!|:(?!:)))/.test(bare);
}

function duplicate(file: LintFile, first: Site, arm: Site): ReturnType<SiteCheck> {
  const pattern =
    file.text
      .slice(first.start, first.start + 60)
      .split('=>')[0]
      ?.replace(/\s+/g, ' ')
      .trim() ?? '';
  return {
    rule: 'duplicate-match-arms',
    ...firstLine(file, arm),
    title: 'match arm that repeats another',
    message: `It does word for word what \`${pattern}\` does: an edit of one of the two will miss the other.`,
    suggestion: 'Join the patterns with `|`, or give the body a function with a name.',
  };
}

export const armChecks: SiteChecks = { kinds: { match: duplicateArms } };
