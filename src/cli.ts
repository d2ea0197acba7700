import type { CommandModule, Options } from './commands/command.ts';
import type { Host } from './host.ts';
import { UserError, messageOf, systemCode, told } from './errors.ts';
import { printableJson, printableLines } from './util/printable.ts';
import { VERSION, REPORT_SCHEMA_VERSION } from './version.ts';

/** Exit statuses that scripts can rely on. */
const DONE = 0;
const MISTAKE = 2;
const INTERRUPTED = 130;

/** Runs one command line; resolves to the exit status and never rejects. */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  try {
    return await dispatch(argv, host);
  } catch (error) {
    if (host.signal.aborted) return INTERRUPTED;
    return printError(error, wantsJson(argv), host);
  }
}

function asksVersion(argv: readonly string[]): boolean {
  return argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V');
}

async function dispatch(argv: readonly string[], host: Host): Promise<number> {
  const [{ COMMANDS }, { Command, CommanderError, Option }] = await Promise.all([
    import('./commands/command.ts'),
    import('commander'),
  ]);
  if (argv.length === 0) {
    const { welcome } = await import('./commands/welcome.ts');
    host.stdout.write(await welcome(host));
    return DONE;
  }
  const { addCommonOptions } = await import('./commands/common.ts');
  let status = DONE;
  let help = '';
  const program = new Command('rustassistant')
    .description('Reviews Rust repositories with an LLM and never pays twice for the same answer.')
    .version(VERSION, '-V, --version')
    .showHelpAfterError('(--help shows how it is used)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void (help += text),
    });
  const wanted = argv[0] === 'help' ? argv[1] : argv[0];
  for (const entry of COMMANDS) {
    const command = program.command(entry.name).summary(entry.summary).description(sentence(entry.summary));
    if (entry.name !== wanted) continue;
    const module: CommandModule = await entry.load();
    module.define(command);
    // A command with parts is none by itself: alone it shows what there is.
    for (const leaf of command.commands.length > 0 ? command.commands : [command]) {
      addCommonOptions(leaf, Option);
      leaf.action(async (...given: unknown[]) => {
        const path = leaf === command ? [] : [leaf.name()];
        const args = given
          .slice(0, -2)
          .flat()
          .filter((value) => value !== undefined) as string[];
        const options: Options = leaf.opts();
        status = await module.run(host, [...path, ...args], options);
      });
    }
  }
  const parts = program.commands.find((command) => command.name() === wanted)?.commands ?? [];
  const [, second, third] = argv;
  const part = parts.find((one) => one.name() === (argv[0] === 'help' ? third : second))?.name();
  try {
    // Of parts commander's own `help` knows nothing.
    const words = argv[0] === 'help' && part !== undefined ? [String(wanted), part, '--help'] : argv;
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return DONE;
    const known = COMMANDS.some(({ name }) => name === wanted);
    const topic = known ? ` ${wanted}${part === undefined ? '' : ` ${part}`}` : '';
    if (error.code !== 'commander.help') throw usageError(error.message, topic);
    if (argv[0] === 'help') throw usageError(`unknown command '${argv[1]}'`, '');
    host.stdout.write(help);
  }
  return status;
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

function usageError(message: string, topic: string): UserError {
  const [first = message, ...more] = message.replace(/^error: /, '').split('\n');
  const hint = more
    .join(' ')
    .trim()
    .replace(/^\((.*)\)$/, '$1');
  return new UserError('usage', first, hint === '' ? `See: rustassistant help${topic}` : hint);
}

function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, at) =>
      word === '--json' || word === '--format=json' || (word === '--format' && argv[at + 1] === 'json'),
  );
}

/** What went wrong, why, what to do: to stderr for people, to stdout for `--format json`. */
function printError(error: unknown, json: boolean, host: Host): number {
  const { code, message, hint, retryable } = told(error);
  if (json) {
    const body = { schemaVersion: REPORT_SCHEMA_VERSION, error: { code, message, hint, retryable } };
    host.stdout.write(`${printableJson(body)}\n`);
  } else {
    host.stderr.write(printableLines(`error: ${message}\n${hint === '' ? '' : `${hint}\n`}`));
    if (code === 'internal' && error instanceof Error)
      host.stderr.write(`${printableLines(error.stack ?? '')}\n`);
  }
  return MISTAKE;
}

/** Whoever interrupts hears soon why the program is still there. */
const PATIENCE_MS = 700;
const WAITING =
  'interrupted: what is under way is finished, within two minutes at most; once more ends at once\n';
/** A server that has gone silent does not hold a program that cron or a service manager wants to end. */
const GRACE_MS = 120_000;

const WRAP_LINES = '\x1b[?7h';

function endAtOnce(): never {
  // A progress bar may have switched it off.
  if (process.stderr.isTTY) process.stderr.write(`${WRAP_LINES}\n`);
  process.exit(INTERRUPTED);
}

/** The real world: standard streams, environment, Ctrl-C. */
export async function start(): Promise<void> {
  const argv = process.argv.slice(2);
  // A reader that has seen enough (`| head`) is no failure.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (systemCode(error) === 'EPIPE') process.exit(process.exitCode ?? DONE);
      if (stream === process.stdout)
        process.stderr.write(`error: the output cannot be written: ${messageOf(error)}\n`);
      process.exit(MISTAKE);
    });
  }
  // Before anything else is loaded.
  if (asksVersion(argv)) return void process.stdout.write(`${VERSION}\n`);
  const { processEnvironment } = await import('./config/load.ts');
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (interrupt.signal.aborted) endAtOnce();
      interrupt.abort();
      setTimeout(() => process.stderr.write(WAITING), PATIENCE_MS).unref();
      setTimeout(endAtOnce, GRACE_MS).unref();
    });
  }
  process.exitCode = await main(argv, {
    env: processEnvironment(),
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    now: () => Date.now(),
    random: () => Math.random(),
    signal: interrupt.signal,
  });
}
