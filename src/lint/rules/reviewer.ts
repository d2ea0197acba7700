import type { Hit, LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { lineEnd, lineStart } from '../text.ts';
import type { Severity } from '../../types/finding.ts';
import type { Site } from '../../types/syntax.ts';

/** Cheap and wide: one of these words stands in every text that a claim below matches. */
const HINT =
  /instruct|prompt|\breview|\bscan(?:ner|ning)?s?\b|audit|approv|vulnerab|analy[sz]er|assistant|language model|\bllms?\b|\bais?\b|chatgpt|\bgpt-?\d|\bclaude\b|copilot|\bgrok\b|\bgemini\b|do not (?:report|flag|mention|raise)|don['’]t (?:report|flag|mention|raise)|no (?:findings|issues)|false positive|passed (?:all|every|the)|system\s*:|disregard|(?:ignore|forget|override|bypass) (?:all|any|the|your|every|previous|prior|above|system)\b|<\|im_|\[INST|<<SYS/i;

const KIND = '(?:AI|LLM|A\\.I\\.|code|automated|automatic|review(?:ing)?|security|static|coding)';
const NOUN =
  '(?:assistants?|models?|(?:re)?viewers?|bots?|analy[sz]ers?|scanners?|auditors?|linters?|agents?|tools?)';
/** Whom such text speaks to: a model by name, a reviewer, or a tool that is said to review. */
const READER = `(?:AI|LLMs?|A\\.I\\.|GPT(?:-?\\d\\w*)?|ChatGPT|Claude|Copilot|Grok|Gemini|language models?|reviewers?|${KIND}(?:[ -]${KIND})* ${NOUN})`;
const THINGS =
  '(?:findings?|issues?|problems?|warnings?|vulnerabilit\\w+|bugs?|this (?:code|file|function|module|line|block|item|crate|change)|the (?:code|file|function|module|line|block|unsafe|following)|anything|errors?)';
/** What a reviewer finds. A compiler's own comments speak of errors and warnings that it does not report. */
const FOUND =
  '(?:findings?|issues?|vulnerabilit\\w+|this (?:code|file|function|module|line|block|item|crate|change|unsafe))';
const NOT =
  "(?:do not|don['’]t|never|must not|should not|shouldn['’]t|no need to|need not|please (?:do not|don['’]t))";
const PASS_OVER = `${NOT}\\s+(?:\\w+\\s+){0,2}?(?:report|flag|mention|raise|list|warn|complain|review|analy[sz]e|scan|check|inspect|comment)`;
const NOTHING =
  '(?:no (?:findings|issues|problems|vulnerabilit\\w+|bugs|errors)|nothing|clean|safe|secure|approved|lgtm|false positives?|an? empty|\\[\\])';
const TELL =
  '(?:report|return|output|respond|answer|reply|say|print|mark|treat|consider|rate|score|classify)';
const ORDERS = `(?<!not |never )\\b(?:approve(?=\\s+(?:this|it|the|all|these|everything|changes?|pr|mr|code)\\b|\\s*(?:[.!,]|$))|(?:ignore|skip|disregard|pass over|accept)\\s+(?:\\w+\\s+){0,2}?${THINGS}|${TELL}\\b[^.]{0,60}?(?<![\\w-])${NOTHING})`;

interface Claim {
  readonly pattern: RegExp;
  readonly severity: Severity;
  readonly title: string;
}

const CLAIMS: readonly Claim[] = [
  {
    pattern: new RegExp(
      String.raw`\b(?:ignore|disregard|forget|override|bypass|discard)\b(?:\s+(?:all|any|every|the|your|my|of|and|these|those|its|other)\b)*\s+(?:previous|prior|above|earlier|preceding|existing|system|original|former|initial|other)\b(?:\s+\w+){0,2}?\s+(?:instructions|prompts?|directives|guidelines|orders)\b`,
      'i',
    ),
    severity: 'high',
    title: 'text that tells a model to drop its instructions',
  },
  {
    pattern: new RegExp(
      String.raw`\b(?:ignore|disregard|forget|override)\b\s+(?:your|all(?: of)? (?:your|the)|any)\s+(?:instructions?|system prompt|guidelines?|rules?|training)\b|\b(?:new|updated|real) (?:system )?instructions?\s*:`,
      'i',
    ),
    severity: 'high',
    title: 'text that tells a model to drop its instructions',
  },
  {
    pattern: new RegExp(
      `\\b${READER}\\b(?:\\s*[,:;!-]|\\s+(?:who|that|please|reading|reviewing|should|must|may|can|will|to)\\b|\\s+(?=${NOT}))[^.]{0,60}?(?:\\b${PASS_OVER}|${ORDERS})`,
      'i',
    ),
    severity: 'high',
    title: 'text that instructs a reviewer',
  },
  {
    pattern: new RegExp(
      String.raw`\b${PASS_OVER}\s+(?:(?:any|this|these|it|the|as|an?|potential|possible|about|on|of)\s+){0,3}${FOUND}\b(?!\s*(?:\)|to (?:the )?(?:user|caller|client)))`,
      'i',
    ),
    severity: 'medium',
    title: 'text that asks for findings to be left out',
  },
  {
    pattern:
      /\b(?:(?:has|have|was|were|is|been|already|fully|thoroughly)\s+)+(?:security[- ])?(?:audited(?!\s+to\b)|(?:reviewed|verified|vetted|certified|checked|approved|signed off)\s+(?:and\s+\w+\s+)?(?:by|for)\s+(?:the\s+)?(?:\w+\s+)?(?:security|safety|audit|vulnerabilit|compliance|appsec|review)\w*)/i,
    severity: 'medium',
    title: 'text that claims a review was passed',
  },
  {
    pattern:
      /\b(?:passed|passes|cleared|completed)\s+(?:all|every|the|our|an?|its)?\s*(?:\w+\s+){0,2}?(?:security|safety|compliance|vulnerability|static analysis|code)\s+(?:and\s+\w+\s+)?(?:checks?|reviews?|audits?|scans?|analysis|assessments?)\b/i,
    severity: 'medium',
    title: 'text that claims a review was passed',
  },
  {
    pattern:
      /\b(?:no|zero|without)\s+(?:known |further |security |safety )*(?:vulnerabilities|security (?:issues|problems|flaws|bugs)|findings)\s+(?:were |was |are |is |have been )?(?:found|here|in this (?:file|code|function|module)|remain|expected|reported)\b/i,
    severity: 'medium',
    title: 'text that claims a review was passed',
  },
  {
    pattern: new RegExp(
      String.raw`\b(?:known|confirmed|intentional|this is an?|these are|marked as)\s+false positives?\b[^.]{0,60}\b(?:ignore|skip|do not|don['’]t|no need)\b`,
      'i',
    ),
    severity: 'medium',
    title: 'text that asks for findings to be left out',
  },
  {
    pattern:
      /<\|(?:im[_ ](?:start|end)|system|endoftext|start[_ ]header[_ ]id)\|>|\[\/?INST\]|<<\/?SYS>>|<\/(?:item|code_under_review|untrusted)>|(?:^|\s)(?:###\s*)?(?:system|assistant)\s*:\s*you (?:are|must|will|should)\b/i,
    severity: 'medium',
    title: 'text that imitates a prompt’s own marks',
  },
];
/** Talk about how a program treats its own input, or about lints, is addressed to people. */
const LOOK_AROUND = 6;
const LONGEST = 4000;
const SHORTEST = 12;

const comment: SiteCheck = (file, site, index) => {
  if (site.end - site.start < SHORTEST) return null;
  const own = file.text.slice(site.start, Math.min(site.end, site.start + LONGEST));
  if (!HINT.test(own)) return null;
  const claim = claimIn(normalized(commentBlock(file, index)));
  if (claim === null) return null;
  // A block of line comments speaks once, at its first line that hints.
  if (hintsBefore(file, index)) return null;
  return reviewerHit(file, site, claim);
};

const string: SiteCheck = (file, site) => {
  if (site.end - site.start < SHORTEST) return null;
  const own = file.text.slice(site.start, Math.min(site.end, site.start + LONGEST));
  if (!HINT.test(own)) return null;
  const claim = claimIn(normalized(own), true);
  return claim === null
    ? null
    : reviewerHit(file, site, { ...claim, severity: claim.severity === 'high' ? 'medium' : 'low' });
};

function claimIn(text: string, string = false): Claim | null {
  // In strings only orders to a model count: a program may well print that a check was passed.
  const claims = string ? CLAIMS.slice(0, 3) : CLAIMS;
  return claims.find(({ pattern }) => pattern.test(text)) ?? null;
}

/** The comments that follow each other without code between them, some before and some after. */
function commentBlock({ text, sites }: LintFile, index: number): string {
  let first = index;
  let last = index;
  while (first > 0 && index - first < LOOK_AROUND && adjoins(text, sites[first - 1], sites[first]))
    first -= 1;
  while (last + 1 < sites.length && last - index < LOOK_AROUND && adjoins(text, sites[last], sites[last + 1]))
    last += 1;
  return text.slice(
    (sites[first] as Site).start,
    Math.min((sites[last] as Site).end, (sites[first] as Site).start + 2 * LONGEST),
  );
}

function adjoins(text: string, before: Site | undefined, after: Site | undefined): boolean {
  if (before?.kind !== 'comment' || after?.kind !== 'comment') return false;
  return (
    /^\s*$/.test(text.slice(before.end, after.start)) &&
    text.slice(before.end, after.start).split('\n').length <= 2
  );
}

function hintsBefore({ text, sites }: LintFile, index: number): boolean {
  let at = index;
  while (at > 0 && index - at < LOOK_AROUND && adjoins(text, sites[at - 1], sites[at])) {
    at -= 1;
    const { start, end } = sites[at] as Site;
    if (HINT.test(text.slice(start, Math.min(end, start + LONGEST)))) return true;
  }
  return false;
}

/** Without comment marks, line breaks, emphasis and invisible characters, so that none of them splits a sentence. */
function normalized(text: string): string {
  return text
    .replace(/[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g, '')
    .replace(/^[ \t]*(?:\/\/[/!]?|\/\*+!?|\*+\/?)/gm, ' ')
    .replace(/\\n|\\\r?\n|[*_`"#]/g, ' ')
    .replace(/\s+/g, ' ');
}

function reviewerHit({ text }: LintFile, site: Site, { severity, title }: Claim): Hit {
  const own = text.slice(site.start, site.end);
  const start = site.start + Math.max(0, own.search(HINT));
  const line = Math.max(site.start, lineStart(text, start));
  return {
    rule: 'reviewer-directed-comment',
    start: line,
    end: Math.min(site.end, lineEnd(text, start)),
    severity,
    title,
    message: 'Code is judged by what it does: text that speaks to its reviewer is a reason to look closer.',
    suggestion: 'Find out who wrote it and why, and delete it.',
  };
}

export const reviewerChecks: SiteChecks = { kinds: { comment, string } };
