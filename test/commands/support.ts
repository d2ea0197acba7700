/** Runs command lines within this process: the same `main`, streams that are kept, a home of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../src/cli.ts';
import { freshFolder } from '../support/cli.ts';

export interface CommandRan {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly home: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: () => number;
}

export async function command(args: readonly string[], options: CommandOptions): Promise<CommandRan> {
  let stdout = '';
  let stderr = '';
  const status = await main(args, {
    env: { PATH: process.env['PATH'], HOME: options.home, RUSTASSISTANT_HOME: options.home, ...options.env },
    cwd: options.cwd ?? options.home,
    stdin: { isTTY: false } as NodeJS.ReadStream,
    stdout: { write: (text: string) => void (stdout += text) },
    stderr: { write: (text: string) => void (stderr += text) },
    now: options.now ?? Date.now,
    random: Math.random,
    signal: new AbortController().signal,
  });
  return { status, stdout, stderr };
}

/** The JSON that a command prints; fails with what was printed instead. */
export async function json<Body>(args: readonly string[], options: CommandOptions): Promise<Body> {
  const { stdout, stderr } = await command([...args, '--json'], options);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Body;
}

/** A home of its own with these settings. */
export function homeWith(settings = ''): string {
  const home = join(freshFolder('home'), 'ra');
  mkdirSync(home, { mode: 0o700 });
  if (settings !== '') writeFileSync(join(home, 'config.toml'), settings);
  return home;
}

/** Settings whose user has named a server and its prices, and waits for nothing. */
export function paidSettings(url: string, more = ''): string {
  return `[llm]
provider = "openai-compatible"
base_url = "${url}"
model = "grok-4.3"
price_input = 1.25
price_cached_input = 0.2
price_output = 2.5
requests_per_minute = 10000
burst = 1000
${more}`;
}
