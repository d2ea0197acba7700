import type { Range } from '../types/source.ts';
import type { Item, Site } from '../types/syntax.ts';
import { itemAt } from './place.ts';
import type { Hit, LintFile } from './rule.ts';
import { ALLOW, lineEnd, lineStart } from './text.ts';

/** What the comments of a file silence, and what is wrong with them. */
export interface Suppressions {
  /** The reason given where a rule is silenced at an offset, or null. */
  reasonFor(rule: string, offset: number): string | null;
  readonly hits: readonly Hit[];
}

interface Suppression extends Range {
  readonly reason: string;
}

const FORM = /^(\/\/[/!]?|\/\*[*!]?)\s*rustassistant:allow\s*\(([^()\n]*)\)([^\n]*)/;
const NONE: Suppressions = { reasonFor: () => null, hits: [] };
/** Sites that are a statement by themselves: silenced whole, where others are by their first line. */
const STATEMENTS = new Set(['let', 'discard', 'call', 'macro', 'try', 'await', 'return', 'static-mut']);
const NO_REASON = 'no reason given';

/**
 * Reads `// rustassistant:allow(rule, …) reason`: at the end of a line for that line, alone on a line for
 * the statement or item below, as `//!` for the file or module that it opens.
 */
export function suppressions(file: LintFile, known: ReadonlySet<string>): Suppressions {
  if (!file.text.includes(ALLOW)) return NONE;
  const byRule = new Map<string, Suppression[]>();
  const hits: Hit[] = [];
  file.sites.forEach((site, index) => {
    if (site.kind !== 'comment' || !file.text.startsWith('/', site.start)) return;
    const form = FORM.exec(file.text.slice(site.start, Math.min(site.end, site.start + 500)));
    if (form === null) return;
    const [, mark = '', list = '', rest = ''] = form;
    const rules = namesIn(list, site.start + form[0].indexOf('(') + 1);
    const reason = rest
      .replace(/\*\/\s*$/, '')
      .replace(/^[\s:;,.–—-]+/, '')
      .trim();
    const range = { start: site.start, end: site.start + form[0].trimEnd().length };
    hits.push(...complaints(rules, reason, range, known));
    const suppression = { ...scopeOf(file, site, index, mark), reason: reason === '' ? NO_REASON : reason };
    for (const { name } of rules) {
      const others = byRule.get(name);
      if (others === undefined) byRule.set(name, [suppression]);
      else others.push(suppression);
    }
  });
  return {
    reasonFor: (rule, offset) =>
      byRule.get(rule)?.find(({ start, end }) => start <= offset && offset < end)?.reason ?? null,
    hits,
  };
}

interface Name extends Range {
  readonly name: string;
}

function namesIn(list: string, from: number): Name[] {
  let at = from;
  return list.split(',').map((part) => {
    const start = at + part.length - part.trimStart().length;
    at += part.length + 1;
    return { name: part.trim(), start, end: start + part.trim().length };
  });
}

function complaints(rules: readonly Name[], reason: string, range: Range, known: ReadonlySet<string>): Hit[] {
  const hits: Hit[] = rules
    .filter(({ name }) => !known.has(name))
    .map(({ name, start, end }) => ({
      start,
      end,
      rule: 'unknown-suppression',
      title:
        name === ''
          ? 'suppression that names no rule'
          : `suppression of an unknown rule: ${name.slice(0, 60)}`,
      message: 'It silences nothing.',
      suggestion: 'Mend the name: `rustassistant explain` lists all rules.',
    }));
  if (!/\p{Letter}{2}/u.test(reason)) {
    hits.push({
      ...range,
      rule: 'suppression-without-reason',
      message: 'Whoever meets it later cannot tell whether it still holds.',
      suggestion: `Write the reason behind it: \`// ${ALLOW}(${rules.map(({ name }) => name).join(', ')}) why\`.`,
    });
  }
  return hits;
}

/** Which offsets a suppression speaks for. */
function scopeOf(file: LintFile, site: Site, index: number, mark: string): Range {
  const { text, items } = file;
  if (mark === '//!' || mark === '/*!')
    return moduleAround(items, site) ?? { start: 0, end: text.length + 1 };
  const start = lineStart(text, site.start);
  if (/\S/.test(text.slice(start, site.start))) return { start, end: lineEnd(text, site.start) + 1 };
  const next = nextCode(text, site.end);
  const item = itemBelow(items, site, next);
  if (item !== undefined) return { start: Math.min(site.start, item.start), end: item.end };
  return { start: site.start, end: Math.max(lineEnd(text, next) + 1, statementEnd(file, index, next)) };
}

function moduleAround(items: readonly Item[], site: Site): Range | undefined {
  let item = itemAt(items, site.start);
  while (item !== undefined && item.body === null) item = items[item.parent];
  return item;
}

/** The item that begins below the comment, or whose attributes and documentation the comment stands among. */
function itemBelow(items: readonly Item[], site: Site, next: number): Item | undefined {
  const around = itemAt(items, site.start);
  if (around !== undefined && around.start <= site.start && site.start < around.head) return around;
  const below = itemAt(items, next);
  return below !== undefined && below.start >= site.start && below.start <= next && next <= below.head
    ? below
    : undefined;
}

/** Comments and attributes are passed this far. */
const GAP = 4_000;

/** Offset of the first code after `from`: past white space, comments and attributes. */
function nextCode(text: string, from: number): number {
  const gap = /^(?:\s+|\/\/[^\n]*|\/\*[^]*?\*\/|#!?\[(?:[^\]"]|"[^"]*")*\])*/;
  return from + (gap.exec(text.slice(from, from + GAP))?.[0].length ?? 0);
}

function statementEnd({ sites }: LintFile, index: number, next: number): number {
  let end = next;
  for (let at = index + 1; at < sites.length && (sites[at] as Site).start <= next; at += 1) {
    const site = sites[at] as Site;
    // An attribute between comment and code may belong to the site.
    if (site.end > next && STATEMENTS.has(site.kind)) end = Math.max(end, site.end);
  }
  return end;
}
