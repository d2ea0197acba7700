import { UserError } from '../errors.ts';

/** A text as a POSIX shell takes it for one word. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const NO_BREAK = 'a line of a crontab holds no line break, and a path has one';

/**
 * The same in a crontab, where `%` ends the command unless a backslash stands before it (crontab(5)); a shell drops that
 * backslash too. Throws a UserError where the text has a line break, for which there is no way.
 */
export function cronWord(text: string): string {
  if (/[\r\n\0]/.test(text)) throw new UserError('bad-path', NO_BREAK, 'Let the path have none.');
  return text.replace(/[^\w@+=:,./\u0080-\uffff-]/g, '\\$&');
}
