import { resolveHome } from '../config/home.ts';
import { loadConfig } from '../config/load.ts';
import { UserError } from '../errors.ts';
import { reportJson } from '../report/json.ts';
import type { UsageBy } from '../report/usage.ts';
import type { CommandModule, Options } from './command.ts';
import { formatOf, TEXT_OR_JSON, textOption, verboseOf, wantsColor } from './common.ts';

export const usageCommand: CommandModule = {
  define(command) {
    command
      .option('--by <what>', 'day, repo or model', 'day')
      .option('--since <when>', 'a day (2026-03-31), or so many days back (7d)')
      .option('--accept-unknown', 'take what is known for all that was spent, after the ledger was lost')
      .option('--format <format>', 'text or json', 'text')
      .addHelpText(
        'after',
        `
Examples:
  rustassistant usage                      by day, and what is left of each cap
  rustassistant usage --by model --since 30d
  rustassistant usage --json | jq .total.usd

The ledger counts what this machine spent: other machines with the same key have their own.
`,
      );
  },
  async run(host, _paths, options) {
    const format = formatOf(options, TEXT_OR_JSON);
    const { USAGE_BY, usageText } = await import('../report/usage.ts');
    const by = byOf(options, USAGE_BY);
    const home = resolveHome(host.env);
    const { settings } = await loadConfig({ home, env: host.env });
    verboseOf(host, options)(`home ${home}`);
    const { usage } = await import('../pipeline/paid/usage.ts');
    const report = await usage(host, {
      home,
      budget: settings.budget,
      sinceMs: sinceOf(options, host.now()),
      unknown: options['acceptUnknown'] === true ? 'accept' : 'keep',
    });
    if (format === 'json') host.stdout.write(reportJson(report));
    else {
      const shown = options['quiet'] === true ? { ...report, notices: [] } : report;
      host.stdout.write(await usageText(shown, { by, color: wantsColor(options, host.env, host.stdout) }));
    }
    return 0;
  },
};

function byOf(options: Options, known: readonly UsageBy[]): UsageBy {
  const by = known.find((one) => one === options['by']);
  if (by !== undefined) return by;
  throw new UserError('usage', `--by takes no "${String(options['by'])}"`, `Known: ${known.join(', ')}.`);
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The begin of a local day, milliseconds since the epoch; null where `--since` is not given. */
function sinceOf(options: Options, nowMs: number): number | null {
  const text = textOption(options, 'since');
  if (text === undefined) return null;
  const back = /^(\d{1,4})d$/.exec(text)?.[1];
  const [, year, month, date] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []).map(Number);
  if (back !== undefined) return startOfDay(new Date(nowMs - Number(back) * DAY_MS));
  if (year !== undefined && month !== undefined && date !== undefined) {
    const day = new Date(year, month - 1, date);
    if (day.getMonth() === month - 1 && day.getDate() === date) return day.getTime();
  }
  throw new UserError(
    'usage',
    `--since takes no "${text}"`,
    'Give a day like 2026-03-31, or 7d for the last seven.',
  );
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
