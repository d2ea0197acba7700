import type { Command, Option } from 'commander';
import { isAbsolute, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { Host, Output } from '../host.ts';
import { printableLines } from '../util/printable.ts';
import type { Options } from './command.ts';

/** Options that every command takes. */
export function addCommonOptions(command: Command, OptionClass: typeof Option): void {
  command
    .option('--json', 'short for --format json')
    .option('-q, --quiet', 'no progress, no notes')
    .option('-v, --verbose', 'say what is done, on stderr')
    .addOption(
      new OptionClass('--color <when>', 'colours in the output')
        .choices(['auto', 'always', 'never'])
        .default('auto'),
    );
}

/** What most commands print: for people, or for programs. */
export const TEXT_OR_JSON = ['text', 'json'] as const;
export type TextOrJson = (typeof TEXT_OR_JSON)[number];

/** The output format: `--json` wins over `--format`. Throws a UserError that names the known ones. */
export function formatOf<Format extends string>(options: Options, known: readonly Format[]): Format {
  const asked = options['json'] === true ? 'json' : (options['format'] ?? known[0]);
  const format = known.find((one) => one === asked);
  if (format !== undefined) return format;
  throw new UserError('usage', `there is no format "${String(asked)}" here`, `Known: ${known.join(', ')}.`);
}

/** Says what is done on stderr, under `--verbose` alone. */
export function verboseOf(host: Host, options: Options): (line: string) => void {
  if (options['verbose'] !== true) return () => undefined;
  return (line) => void host.stderr.write(`${printableLines(line)}\n`);
}

/** Says on stderr what a person may want to know, unless `--quiet`. */
export function noteOf(host: Host, options: Options): (line: string) => void {
  if (options['quiet'] === true) return () => undefined;
  return (line) => void host.stderr.write(`note: ${printableLines(line)}\n`);
}

/** `--color`, `NO_COLOR` (no-color.org), `TERM=dumb`, and whether a terminal is there at all. */
export function wantsColor(options: Options, env: Host['env'], output: Output): boolean {
  if (options['color'] === 'always') return true;
  if (options['color'] === 'never') return false;
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return false;
  return output.isTTY === true;
}

/** A path given on the command line, absolute. */
export function absolutePath(host: Host, path: string): string {
  // An unset variable of a script: the current directory is not what it meant.
  if (path === '') throw new UserError('usage', 'a path is empty', 'The current directory is ".".');
  return isAbsolute(path) ? path : resolve(host.cwd, path);
}

/** The file that `-o` names; undefined is stdout. */
export function outputOption(options: Options): string | undefined {
  const output = textOption(options, 'output');
  if (output !== '') return output === '-' ? undefined : output;
  throw new UserError('usage', '--output names no file', 'Leave it out for stdout.');
}

/** The commit of `--since`; null where it is not given. */
export function sinceOption(options: Options): string | null {
  const since = textOption(options, 'since') ?? null;
  // An unset variable of a script, as above: that everything is old, or new, is not what it meant.
  if (since !== '') return since;
  throw new UserError('usage', '--since names no commit', 'Leave it out to look at everything.');
}

/** A positive whole number, or a UserError that names it. */
export function countOption(value: string): number {
  const count = Number(value);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new UserError('usage', `"${value}" is no positive whole number`, 'Give it like 4.');
}

/** Of an option that can be given more than once: what follows it is never taken for one value more. */
export function listOption(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** An option's text, undefined where it was not given. */
export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
