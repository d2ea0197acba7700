import type { Command } from 'commander';
import { resolveHome } from '../config/home.ts';
import { size } from '../config/kinds.ts';
import { loadConfig } from '../config/load.ts';
import { UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import { existingLayout } from '../pipeline/home.ts';
import { reportJson } from '../report/json.ts';
import { layoutOf, openLayout } from '../store/layout.ts';
import { REPORT_SCHEMA_VERSION } from '../version.ts';
import { cacheClean } from './cache-clean.ts';
import { cacheWhy } from './cache-why.ts';
import type { CommandModule, Options } from './command.ts';
import type { TextOrJson } from './common.ts';
import { formatOf, TEXT_OR_JSON, textOption } from './common.ts';

export const cacheCommand: CommandModule = {
  define,
  async run(host, [part = '', ...args], options) {
    const format = formatOf(options, TEXT_OR_JSON);
    const run = PARTS[part];
    if (run === undefined) throw new Error(`cache ${part} is declared and not made`);
    host.stdout.write(await run(host, args, options, format));
    return host.signal.aborted ? 130 : 0;
  },
};

function define(command: Command): void {
  const part = (name: string, about: string): Command =>
    command.command(name).description(about).option('--format <format>', 'text or json', 'text');
  part('stats', 'How much is stored, of what, for which repositories.');
  part('prune', 'Brings the cache down to its size; fit for cron.')
    .option('--dry-run', 'print what would go; remove nothing')
    .option('--to <size>', 'down to this size, whatever the settings say: 100MB');
  part('why <file>', 'Which items of a file have an answer, and what differs where one is missing.')
    .option('--provider <provider>', 'as of analyze')
    .option('--model <model>', 'as of analyze');
  part('clean', 'Removes what can be made again: local results, damaged files set aside.')
    .option('--answers', 'the paid answers too')
    .option('--yes', 'do not ask');
  part('dir', 'Where the cache lies.');
  command.addHelpText('afterAll', EXAMPLES);
}

const EXAMPLES = `
Examples:
  rustassistant cache stats
  rustassistant cache prune --dry-run
  rustassistant cache why src/lib.rs
  du -sh "$(rustassistant cache dir)"

The ledger is no cache: none of these commands touches it.
`;

type Part = (host: Host, args: readonly string[], options: Options, format: TextOrJson) => Promise<string>;

const PARTS: Readonly<Record<string, Part>> = { stats, prune, why: cacheWhy, clean: cacheClean, dir };

async function settingsFor(host: Host) {
  const home = resolveHome(host.env);
  const { settings } = await loadConfig({ home, env: host.env });
  return { home, limits: settings.cache };
}

async function stats(
  host: Host,
  _args: readonly string[],
  _options: Options,
  format: TextOrJson,
): Promise<string> {
  const { home, limits } = await settingsFor(host);
  const [{ cacheStats }, { statsText }] = await Promise.all([
    import('../pipeline/cache/stats.ts'),
    import('../report/cache.ts'),
  ]);
  const report = await cacheStats(existingLayout(home), limits);
  return format === 'json' ? reportJson(report) : statsText(report);
}

async function prune(
  host: Host,
  _args: readonly string[],
  options: Options,
  format: TextOrJson,
): Promise<string> {
  const { home, limits } = await settingsFor(host);
  const to = textOption(options, 'to');
  const target = to === undefined ? {} : { target: bytesOf(to) };
  const dryRun = options['dryRun'] === true;
  const [{ prune: run }, { pruneText }] = await Promise.all([
    import('../pipeline/cache/prune.ts'),
    import('../report/cache.ts'),
  ]);
  const layout = dryRun ? existingLayout(home) : openLayout(home);
  const report = await run(layout, { limits, nowMs: host.now(), ...target, dryRun, signal: host.signal });
  return format === 'json' ? reportJson(report) : pruneText(report);
}

function bytesOf(text: string): number {
  const kind = size(0, 1e15);
  const bytes = kind.parse(text);
  if (bytes !== undefined) return bytes;
  throw new UserError('usage', `--to takes no "${text}"`, 'Give a size like 100MB or 64MiB.');
}

async function dir(
  host: Host,
  _args: readonly string[],
  _options: Options,
  format: TextOrJson,
): Promise<string> {
  const { home, cache } = layoutOf(resolveHome(host.env));
  if (format === 'text') return `${cache}\n`;
  return reportJson({ schemaVersion: REPORT_SCHEMA_VERSION, home, cache });
}
