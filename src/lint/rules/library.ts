import { calleeOf, inLibrary } from '../place.ts';
import type { Hit, LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { commentBeside, commentsAbove, lineEnd, lineStart } from '../text.ts';
import type { Site } from '../../types/syntax.ts';
import { outsideSource } from './input.ts';
import { argues, cannotFail, endsByNature, isExplained, makesCode } from './reasons.ts';

const unwrapping: SiteCheck = (file, site) => {
  if (!inLibrary(file, site) || makesCode(file)) return null;
  const { text } = file;
  if (text.charCodeAt(site.detail) !== 40 || text.charAt(site.end) === '?') return null;
  const args = text.slice(site.detail + 1, Math.min(site.end - 1, site.detail + 40)).trim();
  const callee = calleeOf(file, site);
  if (!callee.endsWith(`.${site.name}`)) return null;
  const receiver = callee.slice(0, -site.name.length - 1);
  return site.name === 'unwrap' ? unwrap(file, site, receiver, args) : expect(file, site, receiver, args);
};

function unwrap(file: LintFile, site: Site, receiver: string, args: string): Hit | null {
  if (args !== '' || cannotFail(file, site, receiver) || isExplained(file, site)) return null;
  const source = outsideSource(file, site, receiver);
  if (source !== null) return onInput(file, site, source);
  return {
    ...atName(file, site),
    rule: 'unwrap-in-library',
    message:
      'A caller of this library gets a panic that it cannot handle, with no word on what was expected.',
    suggestion:
      'Return the error (`?`), or say in `expect`, in a comment or under `# Panics` why it cannot happen.',
  };
}

function expect(file: LintFile, site: Site, receiver: string, args: string): Hit | null {
  if (!/^(?:b?r?#*"|&?format!|concat!|[A-Z][A-Z_0-9]+$)/.test(args)) return null;
  if (cannotFail(file, site, receiver) || isExplained(file, site)) return null;
  const source = outsideSource(file, site, receiver);
  if (source !== null) return onInput(file, site, source);
  if (argues(file.text.slice(site.detail + 1, site.end - 1))) return null;
  return {
    ...atName(file, site),
    rule: 'expect-in-library',
    message: 'A caller of this library gets a panic that it cannot handle.',
    suggestion: 'Return the error (`?`), or document the panic under `# Panics`.',
  };
}

/** What comes from outside fails some day, whatever the code around it guarantees. */
function onInput(file: LintFile, site: Site, source: string): Hit {
  return {
    ...atName(file, site),
    rule: 'unwrap-on-input',
    title: `${site.name} of ${source}`,
    message:
      'Whoever controls what comes in here decides whether the thread of this library’s caller panics.',
    suggestion:
      'Return the error (`?`); if the value is the library’s own, say so in a comment or under `# Panics`.',
  };
}

const panicking: SiteCheck = (file, site) => {
  if (!inLibrary(file, site) || makesCode(file) || isExplained(file, site)) return null;
  if (endsByNature(file, site)) return null;
  return {
    ...wholeLine(file, site),
    rule: 'panic-in-library',
    message: 'The library decides that its caller’s thread ends here, and its documentation does not say so.',
    suggestion: 'Return an error, or document the panic under `# Panics`.',
  };
};

function unfinished(file: LintFile, site: Site): Hit | null {
  if (!inLibrary(file, site)) return null;
  const args = file.text.slice(site.detail, site.end);
  if (isTracked(args + commentsAbove(file.text, site.start) + commentBeside(file.text, site.end)))
    return null;
  return {
    ...wholeLine(file, site),
    rule: 'todo-in-library',
    // `unimplemented!` is often a decision, `todo!` never.
    ...(site.name === 'unimplemented' ? { severity: 'low' as const } : {}),
    title: `${site.name}! in library code`,
    message: 'Whoever reaches this line gets a panic: the code is not written yet.',
    suggestion:
      'Write it, return an error, or hide the item; `todo!("… (#123)")` names the issue that tracks it.',
  };
}

const TODO = /\b(?:TODO|FIXME)\b/;

/** A TODO that names no issue. One that is tracked is nobody's news. */
const todoComment: SiteCheck = (file, site) => {
  if (!inLibrary(file, site)) return null;
  const comment = file.text.slice(site.start, site.end);
  const found = TODO.exec(comment);
  if (found === null || isTracked(comment + followingComments(file.text, site.end))) return null;
  const start = site.start + found.index;
  return {
    rule: 'todo-in-library',
    severity: 'info',
    start,
    end: Math.min(site.end, lineEnd(file.text, start)),
    title: `${found[0]} that no issue tracks`,
    message: 'A note to oneself that nobody will find again.',
    suggestion: `Name the issue that tracks it: \`${found[0]}(#123)\`.`,
  };
};

function isTracked(text: string): boolean {
  return /#\d+|https?:\/\/|\b[A-Z]{2,10}-\d+\b|\bissues?\b.{0,12}\d/i.test(text);
}

function followingComments(text: string, end: number): string {
  const match = /(?:\s*\/\/[^\n]*){1,6}/y;
  match.lastIndex = end;
  return match.exec(text)?.[0] ?? '';
}

function wholeLine({ text }: LintFile, site: Site): { start: number; end: number } {
  return { start: site.start, end: Math.min(site.end, lineEnd(text, site.start)) };
}

/** From the method's name, which in a chain stands on a line of its own; the quote begins up to two lines before. */
function atName({ text }: LintFile, site: Site): { start: number; end: number; quoteFrom: number } {
  const start = site.detail - site.name.length;
  let quoteFrom = start;
  for (let lines = 0; lines < 2 && quoteFrom > site.start; lines += 1) {
    quoteFrom = Math.max(site.start, lineStart(text, quoteFrom) - 1);
  }
  return { start, end: Math.min(site.end, lineEnd(text, start)), quoteFrom };
}

export const libraryChecks: SiteChecks = {
  calls: { unwrap: unwrapping, expect: unwrapping },
  macros: { panic: panicking, todo: unfinished, unimplemented: unfinished },
  kinds: { comment: todoComment },
};
