import type { Command, Option } from 'commander';
import { isAbsolute, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { Host, Output } from '../host.ts';
import { VERSION } from '../version.ts';
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

/** The output format: `--json` wins over `--format`. */
export function formatOf(options: Options, fallback = 'text'): string {
  return options['json'] === true
    ? 'json'
    : typeof options['format'] === 'string'
      ? options['format']
      : fallback;
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
  return isAbsolute(path) ? path : resolve(host.cwd, path);
}

/** A non-negative number of dollars, or a UserError that names the flag. */
export function usdOption(value: string): number {
  const usd = Number(value.replace(/^\$/, ''));
  if (value.trim() === '' || !Number.isFinite(usd) || usd < 0) {
    throw new UserError('usage', `"${value}" is no amount in dollars`, 'Give it like --budget 0.10.');
  }
  return usd;
}

/** A positive whole number, or a UserError that names it. */
export function countOption(value: string): number {
  const count = Number(value);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new UserError('usage', `"${value}" is no positive whole number`, 'Give it like 4.');
  }
  return count;
}

/** What `rustassistant` alone prints: the commands that work today, and where to start. */
export async function welcome(host: Host): Promise<string> {
  const key =
    (host.env['XAI_API_KEY'] ?? '') === '' ? 'LLM off: XAI_API_KEY not set.' : 'LLM: XAI_API_KEY is set.';
  return `rustassistant ${VERSION}: reviews Rust code, never pays twice for an answer

Usage: rustassistant <command> [options]

  analyze [path…]   findings and scores
  outline [path…]   the shape of the code
  explain <rule>    what a rule means
  usage  cache      spent; stored
  config  doctor    settings; machine check

Start:  rustassistant analyze .             free without key
        rustassistant analyze . --dry-run   price first
${key} More: rustassistant help <command>
`;
}

/** An option's text, undefined where it was not given. */
export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
