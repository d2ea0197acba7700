import type { Command } from 'commander';
import { targetsFor } from '../pipeline/targets.ts';
import { budgetFlag } from '../config/budget.ts';
import { resolveHome } from '../config/home.ts';
import { UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import { afterCommand } from '../pipeline/after.ts';
import type { AnalyzeContext } from '../pipeline/analyze.ts';
import type { Baseline } from '../pipeline/findings/baseline.ts';
import { createPool } from '../pipeline/pool.ts';
import type { Report } from '../report/model.ts';
import { FORMATS, requireOneRepository } from '../report/formats.ts';
import { meets } from '../report/select.ts';
import type { Layout } from '../store/layout.ts';
import type { Severity } from '../types/finding.ts';
import { shellWord } from '../util/shell.ts';
import { whileAlone } from './alone.ts';
import type { CommandModule, Options } from './command.ts';
import { absolutePath, listOption, noteOf, sinceOption, textOption, verboseOf } from './common.ts';
import { writeOutputs } from './outputs.ts';
import { progressFor } from './progress.ts';
import { trackedPaths, wantsTracked } from './tracked-paths.ts';
import type { View } from './view.ts';
import { viewOf } from './view.ts';

export const analyzeCommand: CommandModule = {
  define,
  async run(host, given, options) {
    const { openLayout } = await import('../store/layout.ts');
    const view = viewOf(options);
    const all = wantsTracked(given, options);
    requireTogether(options);
    // A mistake is one also where nothing is bought.
    const budget = budgetFlag(textOption(options, 'budget'));
    const named = given.length === 0 ? ['.'] : given;
    const typed = all ? '--all' : named.map(shellWord).join(' ');
    // Before the home is made: a mistake leaves nothing behind.
    const paths = all ? [] : named.map((path) => absolutePath(host, path));
    const baseline = await baselineOf(host, options);
    const layout = openLayout(resolveHome(host.env));
    const run = async (): Promise<number> => {
      const wanted = all ? await trackedPaths(host, layout, options) : paths;
      return runOver(host, layout, wanted, { typed, view, budget, baseline }, options);
    };
    return all && options['dryRun'] !== true ? whileAlone(host, layout, view, run) : run();
  },
};

/** What the command line asks for beside the paths. */
interface Asked {
  /** What of it names them. */
  readonly typed: string;
  readonly view: View;
  /** USD. */
  readonly budget: number | undefined;
  readonly baseline: Baseline | null;
}

async function runOver(
  host: Host,
  layout: Layout,
  paths: readonly string[],
  { typed, view, budget, baseline }: Asked,
  options: Options,
): Promise<number> {
  const targets = await targetsFor(host, paths, {
    flags: {
      'llm.provider': textOption(options, 'provider'),
      'llm.model': textOption(options, 'model'),
      'llm.concurrency': textOption(options, 'concurrency'),
      'analysis.lenses': textOption(options, 'lens'),
      'analysis.verify': options['verify'] === false ? false : undefined,
    },
    trust: options['untrusted'] === true ? 'untrusted' : 'repository',
  });
  if (baseline !== null) (await import('../pipeline/findings/baseline.ts')).requireAbout(baseline, targets);
  for (const { format } of view.outputs) requireOneRepository(format, targets.length);
  const progress = await progressFor(host, options);
  const { reviewerFor } = await import('./reviewing.ts');
  const pool = createPool();
  const reviewing = await reviewerFor({ host, layout, progress, pool, targets, options, budget });
  const { reviewer, why } = reviewing;
  const say = verboseOf(host, options);
  say(`home ${layout.home}`);
  say(
    reviewer === null
      ? `local rules only: ${why}`
      : `${reviewer.endpoint.model} at ${reviewer.endpoint.baseUrl}`,
  );
  const context: AnalyzeContext = { host, layout, progress, pool, reviewer };
  try {
    if (options['dryRun'] === true) {
      const { printPlan } = await import('./dry-run.ts');
      return await printPlan(context, { targets, typed, reviewing, budget }, options, view);
    }
    const { analyze } = await import('../pipeline/analyze.ts');
    const since = sinceOption(options);
    const report = await analyze(context, {
      ...{ targets, since, baseline },
      detail: view.detail,
      tells: 'the-user',
    });
    const status = exitStatus(host, report, view.failOn, options);
    await writeOutputs(host, report, { targets, typed, why }, view, options, status);
    return status;
  } finally {
    await reviewer?.close();
    await pool.close();
    const [first] = targets;
    if (first !== undefined) await afterCommand(host, layout, first.config.settings, noteOf(host, options));
  }
}

/** What `--baseline` names; null where it is not given. */
async function baselineOf(host: Host, options: Options): Promise<Baseline | null> {
  const path = textOption(options, 'baseline');
  if (path === undefined) return null;
  const { readBaseline } = await import('../pipeline/findings/baseline.ts');
  return readBaseline(absolutePath(host, path));
}

/** A flag that would do nothing is a mistake. */
function requireTogether(options: Options): void {
  if (options['why'] !== true || options['dryRun'] === true) return;
  const hint = 'For one file: rustassistant cache why <file>';
  throw new UserError('usage', '--why explains a plan: it needs --dry-run', hint);
}

function define(command: Command): void {
  command
    .argument('[path...]', 'repositories, or files and folders inside of one; the current folder')
    .option('--all', 'the tracked repositories (rustassistant repo)')
    .option('--provider <provider>', 'auto, local, xai or openai-compatible')
    .option('--model <model>', 'the model that is asked')
    .option(
      '--lens <lenses>',
      'the questions that it is asked, separated by commas: review, safety; "" is none',
    )
    .option(
      '--no-verify',
      'do not put grave findings of the model to a second request that tries to refute them',
    )
    .option('--since <ref>', 'only files changed since this commit, branch or tag')
    .option('--baseline <file>', 'a JSON report: only what is new since then is shown, and fails')
    .option('--format <format>', FORMATS.join(', '))
    .option('-o, --output <file>', 'write the report there instead of to stdout')
    .option('--also <format=file>', 'write it to a file in another format too; may be repeated', listOption)
    .option('--severity <least>', 'the mildest finding shown (text, github, markdown: medium; else info)')
    .option('--fail-on <severity>', 'exit with 1 where a finding is of this severity or worse')
    .option('--dry-run', 'print what would be sent and its price; send nothing')
    .option('--why', 'with --dry-run: say for each missing item which key factor differs')
    .option('--budget <usd>', 'the most that this run may cost')
    .option('--yes', 'agree to send code to the provider')
    .option('--concurrency <n>', 'requests under way at the same time')
    .option('--offline', 'send nothing; stored answers still show')
    .option(
      '--untrusted',
      'hostile code: its settings and silencing comments do not count, its answers are not shared',
    )
    .option('--require-complete', 'exit with 3 where an item has no answer')
    .option('--retry-failed', 'ask again for items whose answer was cut or of no use')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Examples:
  rustassistant analyze .                      local rules; with a key also the LLM
  rustassistant analyze . --dry-run            what would be sent, and its price
  rustassistant analyze . --budget 0.10        spend at most ten cents, today's changes first
  rustassistant analyze --since main --fail-on high --format short
  rustassistant analyze --format github --also sarif=results.sarif
  rustassistant analyze --all                  the tracked repositories: one line for cron

Exit status: 0 done; 1 findings at or above --fail-on; 2 a mistake in the command or a failure;
3 a file failed, nothing could be asked, or --require-complete is not met; 130 interrupted.
`;

function exitStatus(host: Host, report: Report, failOn: Severity | null, options: Options): number {
  if (host.signal.aborted) return 130;
  const summaries = report.repositories.map(({ summary }) => summary);
  if (failOn !== null && meets(report, failOn)) return 1;
  if (summaries.some(({ files, skipped }) => files.failed + (skipped.unreadable ?? 0) > 0)) return 3;
  // No item has an answer where nobody was asked.
  if (report.provider === 'local') return options['requireComplete'] === true ? 3 : 0;
  const sum = (of: 'missing' | 'failed' | 'paid'): number =>
    summaries.reduce((total, { items }) => total + items[of], 0);
  const missing = sum('missing');
  if (options['requireComplete'] === true && missing + sum('failed') > 0) return 3;
  // Asked and not one answered, or missing and nothing asked: a green run that reviewed nothing ends trust.
  const asked = summaries.some(({ cost }) => cost.requests > 0);
  const nothingBought = sum('paid') === 0 && (asked || missing > 0) && options['offline'] !== true;
  return nothingBought ? 3 : 0;
}
