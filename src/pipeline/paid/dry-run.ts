import type { Target } from '../targets.ts';
import type { Amounts } from '../../llm/budget.ts';
import type { Left, PlanReport, RepositoryPlanReport } from '../../report/plan-model.ts';
import type { Notice } from '../../types/run.ts';
import { REPORT_SCHEMA_VERSION, TOOL } from '../../version.ts';
import type { AnalyzeContext } from '../analyze.ts';
import { refresh, withFresh } from '../refresh.ts';
import { localReport, planReport } from './plan-report.ts';
import { leftOf, plannedCaps, spentSoFar, tighter } from './caps.ts';
import type { OpenRepository } from '../repository.ts';
import { openRepository } from '../repository.ts';
import type { ReviewPlan } from './review.ts';
import type { Reviewer } from './reviewer.ts';
import { secretsIn } from './secrets.ts';
import { openingNotices } from './books.ts';
import { knownPrice } from './connection.ts';
import { missingItems, storedFacts } from '../cache/why-items.ts';

/** Who would be asked. */
export interface Asked {
  readonly reviewer: Reviewer;
  /** Where the key comes from, for people; null where there is none. */
  readonly key: string | null;
}

export interface DryRunRequest {
  readonly targets: readonly Target[];
  readonly since: string | null;
  /** Or why nobody is. */
  readonly asked: Asked | { readonly off: string };
  /** `--budget`, USD. */
  readonly budget: number | undefined;
  /** `why`: for each missing item, what differs from the nearest stored one. */
  readonly detail: 'sums' | 'why';
}

const HEAD = { schemaVersion: REPORT_SCHEMA_VERSION, tool: TOOL, dryRun: true } as const;

/**
 * What a run would send, and what that would cost: the plan and the numbers that the run itself goes by. Brings
 * the repositories' local results up to date; opens no connection and reserves nothing.
 */
export function dryRun(context: AnalyzeContext, request: DryRunRequest): Promise<PlanReport> {
  const { asked } = request;
  return 'off' in asked ? localRun(context, request, asked.off) : paidRun(context, request, asked);
}

async function localRun(context: AnalyzeContext, request: DryRunRequest, off: string): Promise<PlanReport> {
  const notices = request.targets.flatMap(({ config }) => config.notices);
  const repositories: RepositoryPlanReport[] = [];
  for (const target of request.targets) {
    repositories.push(
      await withRepository(context, target, async (repository) => {
        const { found, synced } = await refresh(context, repository, request.since, context.host.now());
        notices.push(...found.notices, ...repository.analysis.notices);
        return localReport(repository, synced);
      }),
    );
  }
  const nobody = { provider: 'local', model: null, host: null, key: null, price: null };
  return { ...HEAD, ...nobody, off, repositories, left: null, ledgerUnknown: null, notices };
}

async function paidRun(context: AnalyzeContext, request: DryRunRequest, asked: Asked): Promise<PlanReport> {
  const { ledger } = asked.reviewer.books;
  const notices = request.targets.flatMap(({ config }) => config.notices);
  const health = ledger.health();
  let left: Left | null = null;
  // What the repositories before this one would have cost is spent by then.
  let spent = spentSoFar(ledger);
  const repositories: RepositoryPlanReport[] = [];
  for (const target of request.targets) {
    const { caps, notices: lowered } = plannedCaps(target.config.settings, request.budget);
    const own = leftOf(caps, spentSoFar(ledger));
    left = left === null ? own : tighter(left, own);
    notices.push(...lowered);
    const money = health === 'ok' ? { caps, spent } : null;
    const planned = await withRepository(context, target, (repository) =>
      planTarget(context, repository, request, asked, money),
    );
    notices.push(...planned.notices);
    repositories.push(planned.report);
    spent = planned.spent ?? spent;
  }
  const { key, reviewer } = asked;
  const { endpoint } = reviewer;
  const settings = request.targets[0]?.config.settings;
  return {
    ...HEAD,
    provider: endpoint.provider,
    model: endpoint.model,
    host: new URL(endpoint.baseUrl).host,
    key,
    off: null,
    price: settings === undefined ? null : knownPrice(settings, endpoint.baseUrl, null),
    repositories,
    left: health === 'ok' ? left : null,
    ledgerUnknown: health === 'ok' ? null : health.reason,
    notices: [...notices, ...openingNotices(asked.reviewer.books)],
  };
}

async function withRepository<Result>(
  { host, layout, progress }: AnalyzeContext,
  target: Target,
  work: (repository: OpenRepository) => Promise<Result>,
): Promise<Result> {
  const repository = await openRepository(host, layout, target);
  try {
    return await work(repository);
  } finally {
    progress.stop();
    repository.analysis.close();
  }
}

interface Planned {
  readonly report: RepositoryPlanReport;
  /** What would be spent after it; null where that is not known. */
  readonly spent: Amounts | null;
  readonly notices: readonly Notice[];
}

async function planTarget(
  context: AnalyzeContext,
  repository: OpenRepository,
  request: DryRunRequest,
  { reviewer }: Asked,
  money: { readonly caps: Amounts; readonly spent: Amounts } | null,
): Promise<Planned> {
  const { host, progress } = context;
  const before = request.detail === 'why' ? await storedFacts(repository) : null;
  const { reviews, notices } = await planNow(context, repository, request.since, reviewer);
  const orders = reviews.flatMap((review) => review.orders);
  const redacted = await secretsIn({ repository, orders, progress, signal: host.signal });
  const { report, spent } = planReport({
    repository,
    reviews,
    endpoint: reviewer.endpoint,
    redacted,
    money: money === null ? null : { ...money, now: new Date(host.now()) },
  });
  if (before === null) return { report, spent, notices };
  const { answers } = reviewer.books;
  const missing = await missingItems({ repository, reviews, answers, before });
  return { report: { ...report, missing }, spent, notices };
}

interface PlannedNow {
  /** One for each question. */
  readonly reviews: readonly ReviewPlan[];
  readonly notices: readonly Notice[];
}

/** The values that a run would buy, by the functions that it uses. */
async function planNow(
  context: AnalyzeContext,
  repository: OpenRepository,
  since: string | null,
  reviewer: Reviewer,
): Promise<PlannedNow> {
  const { analysis } = repository;
  const startedMs = context.host.now();
  const { refreshed, done } = await withFresh(context, repository, { since, startedMs }, async (fresh) => {
    const reviews = await reviewer.plan(repository, fresh);
    return { reviews, lost: [...new Set(reviews.flatMap(({ plan }) => plan.lost))] };
  });
  const { reviews } = done;
  const said = reviews.flatMap((review) => review.notices);
  return { reviews, notices: [...refreshed.found.notices, ...analysis.notices, ...said] };
}
