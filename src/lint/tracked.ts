import type { FindingDraft, RuleSetting } from '../types/finding.ts';

/** By line, 1-based, the issue in which somebody keeps what is to be done there. */
export type TrackedLines = ReadonlyMap<number, string>;

const NONE: TrackedLines = new Map();
/** `TODO(#12)`, `FIXME(owner/name#12)`. */
const MARK = /\b(?:TODO|FIXME)\(((?:[\w.-]{1,60}\/[\w.-]{1,60})?#\d{1,9})\)/;
const COMMENT = /^\s*(?:\/\/|\/\*|\*)/;
const BETWEEN = /^\s*(?:\/\/|\/\*|\*|#!?\[|$)/;
/** A mark speaks for the first code below it, past so many lines of comment at most. */
const REACH = 20;

/** What is tracked where: by a comment at the end of a line, or in the comment above. */
export function trackedLines(text: string): TrackedLines {
  if (!text.includes('TODO(') && !text.includes('FIXME(')) return NONE;
  const lines = text.split('\n');
  const tracked = new Map<number, string>();
  lines.forEach((line, index) => {
    const mark = MARK.exec(line);
    const issue = mark?.[1];
    if (mark === null || issue === undefined || !/\/\/|\/\*|^\s*\*/.test(line.slice(0, mark.index))) return;
    tracked.set(index + 1, issue);
    if (!COMMENT.test(line)) return;
    for (let below = index + 1; below < lines.length && below <= index + REACH; below += 1) {
      tracked.set(below + 1, issue);
      if (!BETWEEN.test(lines[below] ?? '')) break;
    }
  });
  return tracked;
}

/** What is about the file's soundness as a text is told whatever a comment says. */
const ALWAYS = new Set(['syntax', 'integrity']);

/** A finding beside such a mark is known to its authors. What the configuration sets holds all the same. */
export function withTracked(
  draft: FindingDraft,
  tracked: TrackedLines,
  settings: Readonly<Record<string, RuleSetting>>,
): FindingDraft {
  if (tracked.size === 0 || draft.severity === 'info' || ALWAYS.has(draft.category)) return draft;
  if (Object.hasOwn(settings, draft.rule)) return draft;
  const issue = tracked.get(draft.startLine) ?? tracked.get(draft.endLine);
  return issue === undefined ? draft : { ...draft, tracked: issue };
}

/** What its authors track is a note, where the code's comments are heard; the mark goes no further. */
export function asNote(draft: FindingDraft, comments: 'heard' | 'unheard'): FindingDraft {
  const { tracked, ...open } = draft;
  if (tracked === undefined || comments === 'unheard') return open;
  return { ...open, severity: 'info', message: `${draft.message} Tracked in ${tracked}: a note.` };
}
