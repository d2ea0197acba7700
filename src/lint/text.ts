import type { Range } from '../types/source.ts';

/** Looks at source text around a place, line by line, without splitting the file. */

/** No line is followed further: what is longer was not written to be read. */
const REACH = 2_000;

/** Offset of the first character of the line that holds `at`. */
export function lineStart(text: string, at: number): number {
  const from = Math.max(0, at - REACH);
  return from + text.slice(from, at).lastIndexOf('\n') + 1;
}

/** Offset of the line break that ends the line holding `at`, or of the text's end. */
export function lineEnd(text: string, at: number): number {
  const end = text.slice(at, at + REACH).indexOf('\n');
  return end === -1 ? Math.min(text.length, at + REACH) : at + end;
}

/** Begins a comment that silences a rule; such a comment argues for nothing. */
export const ALLOW = 'rustassistant:allow';
const LOOK_BACK = 40;
/** Ends a statement or a match arm: what stands before belongs to other code. */
const STATEMENT_END = /[;{}]$|=>.*,$/;

/**
 * The comments that speak about the code at `at`: those above it, above its statement and above its
 * attributes, as one text. The search goes up through the lines of the same statement, and stops at a
 * blank line that follows code. Lines for which `through` is true are passed as if they belonged to it.
 */
export function commentsAbove(text: string, at: number, through?: (line: string) => boolean): string {
  const found: string[] = [];
  let start = lineStart(text, at);
  for (let lines = 0; start > 0 && lines < LOOK_BACK && at - start < REACH; lines += 1) {
    const previous = lineStart(text, start - 1);
    const line = text.slice(previous, start - 1).trim();
    if (isComment(line)) {
      if (!line.includes(ALLOW)) found.push(line);
    } else if (line.endsWith('*/')) {
      const from = Math.max(0, start - REACH);
      const open = from + text.slice(from, start).lastIndexOf('/*');
      if (open < from) break;
      found.push(text.slice(open, start - 1));
      start = lineStart(text, open);
      continue;
    } else if (found.length > 0 || line === '') {
      break;
    } else if (!isAttribute(line)) {
      const code = withoutTrailingComment(line);
      if (STATEMENT_END.test(code) && through?.(code) !== true) break;
      if (code !== line) found.push(line.slice(code.length));
    }
    start = previous;
  }
  return found.reverse().join('\n');
}

/** The comment at the end of the line that holds `at`, or `''`. */
export function commentBeside(text: string, at: number): string {
  const rest = text.slice(at, lineEnd(text, at));
  const mark = rest.search(/\/[/*]/);
  return mark === -1 || rest.includes(ALLOW, mark) ? '' : rest.slice(mark);
}

/** Whether any comment stands above the code from `start` on, or at the end of its first line or of its last. */
export function isCommented(text: string, { start, end }: Range): boolean {
  if (commentsAbove(text, start) !== '' || commentBeside(text, end) !== '') return true;
  const line = lineEnd(text, start);
  return line < end && commentBeside(text, line - 1) !== '';
}

export function isComment(line: string): boolean {
  return line.startsWith('//') || line.startsWith('/*');
}

function isAttribute(line: string): boolean {
  return line.startsWith('#[') || line.startsWith('#![');
}

function withoutTrailingComment(line: string): string {
  const mark = line.lastIndexOf(' //');
  return mark === -1 ? line : line.slice(0, mark).trimEnd();
}

/** The parts of a list between its own commas: not those in brackets, strings or comments. Parts are trimmed, empty ones left out. */
export function splitAtCommas(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < list.length; at += 1) {
    const character = list.charAt(at);
    if (character === '"') at = closingQuote(list, at);
    else if (character === '/' && list.charAt(at + 1) === '/') at = lineEnd(list, at);
    else if ('<([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character) || (character === '>' && !'-='.includes(list.charAt(at - 1))))
      depth -= 1;
    else if (character === ',' && depth <= 0) {
      parts.push(list.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(list.slice(start));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** Offset of the quote that closes the string opened at `open`, or of the text's end. */
export function closingQuote(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text.charAt(at) === '\\') at += 1;
    else if (text.charAt(at) === '"') return at;
  }
  return text.length;
}
