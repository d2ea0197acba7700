import { findSecrets } from '../util/secrets.ts';

/** Part of every item key: raise it whenever the same text could be redacted in another way. */
export const REDACTION_VERSION = 1;

export interface RedactionHit {
  /** `github-token`, `private-key`, `slack`. */
  readonly kind: string;
  /** Offsets into the text that was given. */
  readonly start: number;
  readonly end: number;
}

export interface Redaction {
  /** Each secret stands as `[REDACTED:<kind>]`. */
  readonly text: string;
  readonly hits: readonly RedactionHit[];
  /**
   * An offset into the redacted text as one into the given text. Inside a replacement it is the secret's
   * start, or its end where `edge` says that the offset ends a range.
   */
  toOriginal(offset: number, edge?: 'start' | 'end'): number;
}

export type Redactor = (text: string) => Redaction;

/** Loads secretlint's rules and returns a redactor that gives equal texts equal redactions. */
export async function createRedactor(): Promise<Redactor> {
  const findByRules = await loadRules();
  return (text) => redact(text, merge([...findSecrets(text), ...findByRules(text)]));
}

// Obeys `secretlint-disable` comments: code under review does not decide what is redacted.
const COMMENT_RULE = '@secretlint/secretlint-rule-filter-comments';

/**
 * The rules of secretlint's recommended preset, called directly. Its core is not used: it keeps some
 * hundred profiler entries for every text and searches through all of them, and it obeys comments.
 */
async function loadRules(): Promise<(text: string) => RedactionHit[]> {
  const { rules } = await import('@secretlint/secretlint-rule-preset-recommend');
  let found: RedactionHit[] = [];
  const checks = rules
    .filter((rule) => rule.meta.id !== COMMENT_RULE)
    .map((rule) => {
      const kind = rule.meta.id.replace('@secretlint/secretlint-rule-', '');
      const report = ({ range: [start, end] }: Report) => found.push({ kind, start, end });
      return (rule as unknown as Rule).create({ sharedOptions: {}, createTranslator, report, ignore }, {});
    });
  return (text) => {
    found = [];
    // With this extension every rule answers at once; those that read files have nothing to do.
    for (const check of checks)
      check.file?.({ content: text, filePath: 'item.rs', ext: '.rs', contentType: 'text' });
    return found;
  };
}

// The part of secretlint's rule interface (`@secretlint/types`) that its rules use.
interface Rule {
  create(context: RuleContext, options: object): { readonly file?: (source: object) => unknown };
}
interface RuleContext {
  readonly sharedOptions: object;
  readonly createTranslator: () => (messageId: string) => object;
  readonly report: (report: Report) => void;
  readonly ignore: () => void;
}
interface Report {
  readonly range: readonly [start: number, end: number];
}

function createTranslator() {
  return (messageId: string) => ({ message: messageId, messageId });
}

function ignore(): void {}

/** In order, overlapping ones as one, of the kind of the first to begin, then the longest, then the first given. */
function merge(found: readonly RedactionHit[]): RedactionHit[] {
  const sorted = found
    .filter((hit) => hit.end > hit.start)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: RedactionHit[] = [];
  for (const { kind, start, end } of sorted) {
    const last = merged[merged.length - 1];
    if (last !== undefined && start < last.end) {
      merged[merged.length - 1] = { ...last, end: Math.max(last.end, end) };
    } else merged.push({ kind, start, end });
  }
  return merged;
}

function redact(text: string, hits: readonly RedactionHit[]): Redaction {
  const pieces: string[] = [];
  const marks: { readonly from: number; readonly to: number; readonly hit: RedactionHit }[] = [];
  let at = 0;
  let length = 0;
  for (const hit of hits) {
    const mark = `[REDACTED:${hit.kind}]`;
    const from = length + hit.start - at;
    pieces.push(text.slice(at, hit.start), mark);
    length = from + mark.length;
    at = hit.end;
    marks.push({ from, to: length, hit });
  }
  pieces.push(text.slice(at));

  function toOriginal(offset: number, edge: 'start' | 'end' = 'start'): number {
    let shift = 0;
    for (const { from, to, hit } of marks) {
      if (offset <= from) break;
      if (offset < to) return edge === 'start' ? hit.start : hit.end;
      shift = hit.end - to;
    }
    return offset + shift;
  }
  return { text: pieces.join(''), hits, toOriginal };
}
