import type { Range } from '../types/source.ts';
import type { SyntaxFile } from '../types/syntax.ts';

const SPEAKS_OF_SAFETY = /\bsafety\b|\b(?:un)?(?:safe|sound)(?:ly|ness)?\b|\bundefined behaviou?r\b|\bUB\b/i;
const SAYS_NOTHING = /^\W*safety\W*(?:todo|fixme|tbd|xxx|\?+)?\W*$/i;
const LOOK_BACK = 40;
/** No line is followed further: what is longer was not written to be read. */
const REACH = 2_000;
/** Ends a statement or a match arm: what stands before belongs to other code. */
const STATEMENT_END = /[;{}]$|=>.*,$/;

/** The comments of one file; line comments below one another are one. */
export interface Comments {
  /** Those above the code at `at`, above its statement and its attributes. */
  above(at: number): readonly Range[];
  /** The one that begins on the line on which `at` lies, behind it. */
  beside(at: number): readonly Range[];
  /** Those that begin in a range. */
  inside(range: Range): readonly Range[];
  /** Of some comments those that argue for safety, as one text without their marks; null where none does. */
  argument(comments: readonly Range[]): string | null;
}

export function commentsOf({ text, sites }: Pick<SyntaxFile, 'text' | 'sites'>): Comments {
  const all = grouped(
    text,
    sites.filter(({ kind }) => kind === 'comment'),
  );
  const firstFrom = (offset: number): number => {
    let low = 0;
    let high = all.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((all[middle] as Range).start < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  /** The comment that covers the last character before `end` that is no white space. */
  function endingAt(end: number): Range | null {
    const comment = all[firstFrom(end) - 1];
    if (comment === undefined || end - comment.end > REACH) return null;
    return text.slice(comment.end, end).trim() === '' ? comment : null;
  }

  function above(at: number): Range[] {
    const found: Range[] = [];
    let start = lineStart(text, at);
    for (let lines = 0; start > 0 && lines < LOOK_BACK && at - start < REACH; lines += 1) {
      const end = start - 1;
      const from = lineStart(text, end);
      const line = text.slice(from, end).trim();
      if (line === '') break;
      const comment = endingAt(end);
      const own = comment === null ? from : lineStart(text, comment.start);
      const code = comment === null ? line : text.slice(own, comment.start).trim();
      if (comment !== null && code === '') found.unshift(comment);
      else if (found.length > 0) break;
      else if (!line.startsWith('#')) {
        // A comment over consecutive unsafe lines speaks for each of them.
        if (STATEMENT_END.test(code) && !/\bunsafe\s*(?:\{|impl\b)/.test(code)) break;
        if (comment !== null) found.unshift(comment);
      }
      start = own;
    }
    return found;
  }

  return {
    above,
    beside(at) {
      const comment = all[firstFrom(at)];
      return comment !== undefined && comment.start < lineEnd(text, at) ? [comment] : [];
    },
    inside: ({ start, end }) => all.slice(firstFrom(start), firstFrom(end)),
    argument(comments) {
      const texts = comments.map(({ start, end }) => unmarked(text.slice(start, end)));
      const arguing = texts.filter((one) => SPEAKS_OF_SAFETY.test(one) && !SAYS_NOTHING.test(one));
      return arguing.length === 0 ? null : [...new Set(arguing)].join('\n');
    },
  };
}

/** Line comments that stand below one another with nothing between; a SAFETY comment begins anew. */
function grouped(text: string, comments: readonly Range[]): Range[] {
  const groups: { start: number; end: number }[] = [];
  for (const { start, end } of comments) {
    const last = groups.at(-1);
    const follows =
      last !== undefined &&
      start - last.end < REACH &&
      text.startsWith('//', last.start) &&
      text.startsWith('//', start) &&
      /^\r?\n[ \t]*$/.test(text.slice(last.end, start)) &&
      text.slice(lineStart(text, last.start), last.start).trim() === '' &&
      !/^\/\/[/!]?\s*safety\b/i.test(text.slice(start, start + 40));
    if (follows) last.end = end;
    else groups.push({ start, end });
  }
  return groups;
}

function unmarked(comment: string): string {
  return comment
    .replace(/^\s*\/\/[/!]?|^\/\*[*!]?|\*\/$/gm, '')
    .replace(/\n\s*\*(?!\w)/g, '\n')
    .replace(/\s+/g, ' ')
    .trim();
}

function lineStart(text: string, at: number): number {
  const from = Math.max(0, at - REACH);
  return from + text.slice(from, at).lastIndexOf('\n') + 1;
}

function lineEnd(text: string, at: number): number {
  const end = text.slice(at, at + REACH).indexOf('\n');
  return end === -1 ? Math.min(text.length, at + REACH) : at + end;
}
