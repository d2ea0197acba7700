import type { FindingDraft, RuleSetting, Severity } from '../types/finding.ts';
import type { FileRole } from '../types/source.ts';
import type { SyntaxFile } from '../types/syntax.ts';
import { atLeast } from '../util/severity.ts';
import type { LineIndex } from '../util/lines.ts';
import { byText } from '../util/order.ts';
import { printable } from '../util/printable.ts';
import { findSecrets } from '../util/secrets.ts';
import type { Secret } from '../util/secrets.ts';
import { isGenerated, isProgram, isTestFile } from './part.ts';
import { itemAt, itemPath, pastAttributes } from './place.ts';
import { siteHits } from './collect.ts';
import type { FileCheck, Hit, LintFile, RuleInfo } from './rule.ts';
import { allowHits } from './rules/attributes.ts';
import { comparisonHits, randomHits } from './rules/crypto.ts';
import { documentationHits } from './rules/docs.ts';
import { booleanHits, indexHits, recursionHits } from './rules/functions.ts';
import { hiddenHits } from './rules/hidden.ts';
import { secretHits } from './rules/secret.ts';
import { sizeHits } from './rules/size.ts';
import { syntaxHits } from './rules/syntax.ts';
import { testHits } from './rules/tests.ts';
import { sendSyncHits } from './rules/threads.ts';
import { tempered, unsafeItems } from './rules/unsafe.ts';
import { suppressions } from './suppress.ts';
import { RULES } from './table.ts';
import { lineEnd, lineStart } from './text.ts';

export interface LintInput {
  /** Relative to the repository root; decides with `role` what is test code. */
  readonly path: string;
  readonly role: FileRole;
  readonly syntax: SyntaxFile;
  /** Of `syntax.text`. */
  readonly lines: LineIndex;
  readonly settings: Readonly<Record<string, RuleSetting>>;
}

/** What looks at a file as a whole. */
export const FILE_CHECKS: readonly FileCheck[] = [
  unsafeItems,
  sendSyncHits,
  sizeHits,
  booleanHits,
  indexHits,
  recursionHits,
  allowHits,
  comparisonHits,
  randomHits,
  documentationHits,
  testHits,
  hiddenHits,
  syntaxHits,
];
const BY_ID: ReadonlyMap<string, RuleInfo> = new Map(RULES.map((rule) => [rule.id, rule]));
const IDS: ReadonlySet<string> = new Set(BY_ID.keys());
const LONGEST_QUOTE = 160;

/**
 * The local findings of one file, in the order of their positions. Suppressed ones are among them, with the
 * reason; those of rules that are switched off are not.
 */
export function lint({ path, role, syntax, lines, settings }: LintInput): FindingDraft[] {
  const { text, items } = syntax;
  const wholeFileIsTest = isTestFile(path, role);
  const generated = isGenerated(syntax);
  const library = role === 'library' && !wholeFileIsTest && !generated && !isProgram(items);
  const file = fileOf({ path, role, syntax }, library);
  const secrets = findSecrets(text);
  const silenced = suppressions(file, IDS);

  const findingOf = (hit: Hit): FindingDraft | null => {
    const rule = BY_ID.get(hit.rule) as RuleInfo;
    const test = wholeFileIsTest || itemAt(items, hit.start)?.test === true;
    const severity = severityOf(hit, rule, { test, library, generated }, settings[rule.id]);
    if (severity === null) return null;
    const reason = silenced.reasonFor(rule.id, hit.start);
    return {
      rule: rule.id,
      source: 'local',
      severity,
      category: rule.category,
      title: hit.title ?? rule.title,
      message: hit.message,
      ...(hit.suggestion === undefined ? {} : { suggestion: hit.suggestion }),
      item: itemPath(items, hit.start),
      quote: quote(text, hit, secrets),
      ...lines.position(hit.start, hit.end),
      ...(reason === null || rule.category === 'syntax' ? {} : { suppressed: reason }),
    };
  };
  const findings: FindingDraft[] = [];
  for (const hit of tempered(hitsOf(file, [secretHits(file, secrets), silenced.hits]))) {
    const finding = findingOf(hit);
    if (finding !== null) findings.push(finding);
  }
  return findings;
}

/** The file as the rules see it; `library` where others link it. */
export function fileOf(
  { path, role, syntax }: Pick<LintInput, 'path' | 'role' | 'syntax'>,
  library: boolean,
): LintFile {
  const { text, items, sites } = syntax;
  const awaits = syntax.metrics?.awaits !== 0;
  return { path, role, syntax, text, items, sites, library, awaits, known: new Map() };
}

/** All hits in the order of their positions, one a rule and place. */
function hitsOf(file: LintFile, given: readonly (readonly Hit[])[]): Hit[] {
  const hits: Hit[] = [];
  for (const some of given) addAll(hits, some);
  for (const check of FILE_CHECKS) addAll(hits, check(file));
  for (const hit of siteHits(file)) hits.push(placed(file, hit));
  hits.sort((a, b) => a.start - b.start || byText(a.rule, b.rule) || a.end - b.end);
  return hits.filter((hit, index) => index === 0 || !isSame(hit, hits[index - 1] as Hit));
}

function isSame(a: Hit, b: Hit): boolean {
  return a.rule === b.rule && a.start === b.start;
}

function addAll(hits: Hit[], more: readonly Hit[]): void {
  for (const hit of more) hits.push(hit);
}

/** A hit begins at code, not at the attributes before it. */
function placed({ text }: LintFile, hit: Hit): Hit {
  if (text.charAt(hit.quoteFrom ?? hit.start) !== '#') return hit;
  const start = pastAttributes(text, hit.start);
  const quoteFrom = pastAttributes(text, hit.quoteFrom ?? hit.start);
  return { ...hit, start, quoteFrom, end: Math.max(hit.end, lineEnd(text, start)) };
}

interface Part {
  readonly test: boolean;
  readonly library: boolean;
  readonly generated: boolean;
}

/** At which severity a hit is told, null for not at all. What the configuration sets holds everywhere it speaks. */
function severityOf(
  hit: Hit,
  rule: RuleInfo,
  { test, library, generated }: Part,
  setting: RuleSetting | undefined,
): Severity | null {
  if (setting === 'off' || (rule.libraryOnly && !library)) return null;
  if ((test && (rule.inTests === 'silent' || hit.ships === true)) || (generated && !rule.inGenerated))
    return null;
  if (setting !== undefined) return setting;
  const severity = hit.severity ?? rule.severity;
  return test && rule.inTests === 'lower' ? milder(severity, 'low') : severity;
}

function milder(a: Severity, b: Severity): Severity {
  return atLeast(a, b) ? b : a;
}

/** The lines of a hit as one line of text, secrets left out and hidden characters made visible. */
function quote(text: string, { start, end, quoteFrom = start }: Hit, secrets: readonly Secret[]): string {
  const from = Math.max(lineStart(text, quoteFrom), quoteFrom - LONGEST_QUOTE);
  const to = Math.min(lineEnd(text, Math.max(start, end - 1)), from + 4 * LONGEST_QUOTE);
  let shown = '';
  let at = from;
  for (const secret of secrets) {
    if (secret.start >= to) break;
    if (secret.end <= at) continue;
    shown += `${text.slice(at, Math.max(at, secret.start))}[${secret.kind}]`;
    at = secret.end;
  }
  shown = printable(`${shown}${text.slice(at, Math.max(at, to))}`.replace(/[ \t\r\n]+/g, ' ').trim());
  return shown.length <= LONGEST_QUOTE ? shown : `${shown.slice(0, LONGEST_QUOTE - 1)}…`;
}
