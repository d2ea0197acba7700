import type { Target } from '../pipeline/targets.ts';
import { isCi } from '../config/budget.ts';
import { isNamed } from '../config/provider.ts';
import { UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { AnalyzeContext } from '../pipeline/analyze.ts';
import type { PlanReport } from '../report/plan-model.ts';
import { shellWord } from '../util/shell.ts';
import type { Options } from './command.ts';
import { outputOption, sinceOption, TEXT_OR_JSON, wantsColor } from './common.ts';
import { canAsk } from './consent.ts';
import { deliver } from '../pipeline/deliver.ts';
import type { Reviewing } from '../pipeline/paid/reviewing.ts';
import { reportJson } from '../report/json.ts';
import { askedBy } from './reviewing.ts';
import type { View } from './view.ts';

export interface PlanRequest {
  readonly targets: readonly Target[];
  /** What of the command line names it. */
  readonly typed: string;
  readonly reviewing: Reviewing;
  /** `--budget`, USD. */
  readonly budget: number | undefined;
}

/** `analyze --dry-run`: prints what a run would send and its price. Returns the exit status. */
export async function printPlan(
  context: AnalyzeContext,
  { targets, typed, reviewing, budget }: PlanRequest,
  options: Options,
  { outputs: [{ format }, ...others] }: View,
): Promise<number> {
  const [other] = others;
  const known: readonly string[] = TEXT_OR_JSON;
  const wrong = known.includes(format) ? other?.format : format;
  if (wrong !== undefined) {
    const hint = `Known: ${known.join(', ')}. --also is for reports.`;
    throw new UserError('usage', `there is no format "${wrong}" for a plan`, hint);
  }
  const [first] = targets;
  if (first === undefined) throw new Error('a plan of nothing');
  const { dryRun } = await import('../pipeline/paid/dry-run.ts');
  const { planText } = await import('../report/plan.ts');
  const { host } = context;
  const report = await dryRun(context, {
    targets,
    since: sinceOption(options),
    asked: askedBy(reviewing, first, host),
    budget,
    detail: options['why'] === true ? 'why' : 'sums',
  });
  // Half a plan would be taken for a whole one.
  if (host.signal.aborted) return 130;
  const quiet = options['quiet'] === true;
  const output = outputOption(options);
  const text = async (): Promise<string> =>
    planText(quiet ? { ...report, notices: [] } : report, {
      color: output === undefined && wantsColor(options, host.env, host.stdout),
      noKey: noKey(targets),
      buy: buyCommand(report, reviewing, first, typed, options, host),
      less: lessHint(report),
    });
  await deliver(host, output, format === 'json' ? reportJson(report) : await text());
  return 0;
}

function noKey([first]: readonly Target[]): string {
  const keyEnv = first?.config.settings.llm.keyEnv ?? '';
  return keyEnv === '' ? 'no key' : `${keyEnv} not set`;
}

/** The same command without the plan, with what it needs to be let through. */
function buyCommand(
  report: PlanReport,
  { reviewer }: Reviewing,
  { config }: Target,
  typed: string,
  options: Options,
  host: Host,
): string {
  const words = ['rustassistant', 'analyze', typed];
  for (const [name, flag] of PASSED_ON) {
    const value = options[name];
    if (value === true) words.push(flag);
    else if (typeof value === 'string') words.push(flag, shellWord(value));
  }
  if (options['verify'] === false) words.push('--no-verify');
  const anything = report.repositories.some(({ toSend }) => toSend.requests > 0);
  if (reviewer === null || !anything) return words.join(' ');
  const { endpoint } = reviewer;
  if (!endpoint.free && isCi(host.env) && options['budget'] === undefined) {
    words.push('--budget', suggestedBudget(report));
  }
  const { settings, origins } = config;
  const agreed = endpoint.agreed || options['yes'] === true || isNamed(settings.llm.provider, origins);
  if (!agreed && !canAsk(host)) words.push('--yes');
  const needsKey = report.provider === 'xai' && report.key === null;
  return `${words.join(' ')}${needsKey ? '   (needs a key)' : ''}`;
}

const PASSED_ON = [
  ['provider', '--provider'],
  ['model', '--model'],
  ['lens', '--lens'],
  ['since', '--since'],
  ['budget', '--budget'],
  ['concurrency', '--concurrency'],
  ['untrusted', '--untrusted'],
  ['retryFailed', '--retry-failed'],
  ['yes', '--yes'],
] as const;

function suggestedBudget({ repositories }: PlanReport): string {
  const usd = repositories.reduce((sum, { toSend }) => sum + (toSend.usd ?? 0), 0);
  return (Math.ceil(usd * 110) / 100).toFixed(2);
}

/** About half of what a run would spend, in one digit; null where that buys nothing sensible. */
function lessHint({ repositories }: PlanReport): string | null {
  const bought = repositories.map(({ thisRun, toSend }) => thisRun ?? toSend);
  const usd = bought.reduce((sum, cost) => sum + (cost.usd ?? 0), 0);
  const requests = bought.reduce((sum, cost) => sum + cost.requests, 0);
  if (usd < 0.02 || requests < 2) return null;
  return `--budget ${Number((usd / 2).toPrecision(1))} (changed first)`;
}
