import type { SyntaxFile, Todo } from '../types/syntax.ts';
import type { LineIndex } from '../util/lines.ts';
import { clipped } from '../util/printable.ts';
import { lineEnd } from './text.ts';

const MARKS = /\b(?:TODO|FIXME|XXX|HACK)\b/;
const MARK = /\b(TODO|FIXME|XXX|HACK)\b/g;
/** `#12`, an address, `ABC-12`: somewhere somebody keeps track of it. */
const TRACKED = /#\d+|https?:\/\/|\b[A-Z]{2,10}-\d+\b/;
/** What one reads of it in a list. */
const LONGEST = 120;
/** A file has no more of them that anybody would read. */
const MOST = 200;

/** What a file's comments put off, in their order. */
export function todosOf({ text, sites }: SyntaxFile, lines: LineIndex): Todo[] {
  const todos: Todo[] = [];
  for (const { kind, start, end } of sites) {
    if (kind !== 'comment') continue;
    const comment = text.slice(start, end);
    if (!MARKS.test(comment)) continue;
    for (const match of comment.matchAll(MARK)) {
      const at = start + match.index;
      const line = text
        .slice(at, Math.min(end, lineEnd(text, at)))
        .replace(/\s*\*\/\s*$/, '')
        .trim();
      todos.push({
        mark: match[1] as Todo['mark'],
        line: lines.line(at),
        text: clipped(line, LONGEST),
        tracked: TRACKED.test(line),
      });
      if (todos.length === MOST) return todos;
    }
  }
  return todos;
}
