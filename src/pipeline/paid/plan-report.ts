import type { Amounts } from '../../llm/budget.ts';
import type {
  LocalReason,
  QuestionReport,
  RedactedSecret,
  RepositoryPlanReport,
  ToSend,
} from '../../report/plan-model.ts';
import { forecast } from './forecast.ts';
import { sendsFile, sentUnits } from '../question.ts';
import type { Quote } from './quote.ts';
import { quote, rowsOf, secondsFor, sumOf, usdOf } from './quote.ts';
import type { OpenRepository } from '../repository.ts';
import type { Endpoint, ReviewPlan } from './review.ts';
import { promptBytes } from './review.ts';
import { knownPrice } from './connection.ts';
import { secondLookCost } from './second-look.ts';
import type { FileRow } from '../../store/files.ts';
import type { Synced } from '../sync.ts';

export interface PlanReportInput {
  readonly repository: OpenRepository;
  /** One for each question. */
  readonly reviews: readonly ReviewPlan[];
  readonly endpoint: Endpoint;
  readonly redacted: readonly RedactedSecret[];
  /** Null where it is not known what was spent. */
  readonly money: { readonly caps: Amounts; readonly spent: Amounts; readonly now: Date } | null;
}

/** A plan with its numbers, and what would be spent after it (null where that is not known). */
export function planReport(input: PlanReportInput): {
  readonly report: RepositoryPlanReport;
  readonly spent: Amounts | null;
} {
  const { repository, reviews, endpoint, redacted, money } = input;
  const { settings } = repository.target.config;
  const { model, baseUrl } = endpoint;
  const price = knownPrice(settings, baseUrl, null);
  const asked = reviews.map((review) => {
    const { orders, question } = review;
    return { review, quotes: quote(orders, { model, baseUrl, price, promptBytes: promptBytes(question) }) };
  });
  const quotes = asked.flatMap((one) => one.quotes);
  const expected = money === null ? null : forecast(quotes, money);
  const worst = sumOf(quotes, 'worst');
  const report = {
    ...identityOf(repository),
    reasoningEffort: reviews[0]?.question.shared.reasoningEffort || null,
    rows: rowsOf(quotes),
    questions: asked.map(({ review, quotes: own }) => questionOf(review, own)),
    secondLook: secondLookCost(reviews, { model, baseUrl, price }),
    toSend: toSend(quotes, reviews, secondsFor(quotes, settings.llm)),
    stored: storedOf(reviews),
    failed: { items: countUnits(reviews, 'failed') },
    localOnly: localOnly(reviews[0]?.files ?? [], settings.analysis.includeTests),
    worstCase: { ticks: worst, usd: usdOf(worst) },
    thisRun: expected?.thisRun ?? null,
    redacted,
  };
  return { report, spent: expected?.spent ?? null };
}

const NO_COST = { ticks: 0, usd: 0 };

/** The same where no model is asked: everything stays here. */
export function localReport(repository: OpenRepository, { paths }: Synced): RepositoryPlanReport {
  const parsed = repository.analysis.files(paths).filter(({ contentHash }) => contentHash !== null);
  const items = parsed.reduce((sum, { units }) => sum + units, 0);
  const nothing = { files: 0, items: 0, equal: 0, requests: 0, inputTokens: 0, outputTokens: 0, seconds: 0 };
  return {
    ...identityOf(repository),
    reasoningEffort: null,
    rows: [],
    questions: [],
    secondLook: null,
    toSend: { ...nothing, ...NO_COST },
    stored: { files: 0, items: 0 },
    failed: { items: 0 },
    localOnly: { files: parsed.length, items, why: ['provider'] },
    worstCase: NO_COST,
    thisRun: null,
    redacted: [],
  };
}

function identityOf({ id, target, commit }: OpenRepository) {
  return { id, path: target.root.root, commit };
}

/** What one question asks, and its price. */
function questionOf({ question }: ReviewPlan, quotes: readonly Quote[]): QuestionReport {
  const ticks = sumOf(quotes, 'expected');
  const items = quotes.reduce((sum, { order }) => sum + order.pack.units.length, 0);
  return { name: question.lens.name, items, requests: quotes.length, ticks, usd: usdOf(ticks) };
}

function toSend(quotes: readonly Quote[], reviews: readonly ReviewPlan[], seconds: number): ToSend {
  const units = quotes.flatMap(({ order }) => order.pack.units);
  const sum = (field: 'inputTokens' | 'outputTokens'): number =>
    quotes.reduce((total, one) => total + one[field], 0);
  const ticks = sumOf(quotes, 'expected');
  return {
    files: new Set(units.map(({ file }) => file)).size,
    items: units.length,
    equal: countUnits(reviews, 'missing') - units.length,
    requests: quotes.length,
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    ticks,
    usd: usdOf(ticks),
    seconds,
  };
}

function countUnits(reviews: readonly ReviewPlan[], wanted: string): number {
  const files = reviews.flatMap(({ plan }) => plan.files);
  return files.reduce((sum, { units }) => sum + units.filter(({ state }) => state === wanted).length, 0);
}

/** Files of which nothing is missing, and answers that are there. */
function storedOf(reviews: readonly ReviewPlan[]): { readonly files: number; readonly items: number } {
  const lacking = new Set(
    reviews
      .flatMap(({ plan }) => plan.files)
      .filter(({ units }) => units.some(({ state }) => state === 'missing' || state === 'failed'))
      .map(({ row }) => row.path),
  );
  const whole = new Set<string>();
  for (const { files, question } of reviews) {
    for (const row of files) {
      if (row.contentHash !== null && (question.count(row) ?? 0) > 0 && !lacking.has(row.path))
        whole.add(row.path);
    }
  }
  const settled = reviews.reduce((sum, { plan }) => sum + plan.settledUnits, 0);
  const items = settled + countUnits(reviews, 'stored') + countUnits(reviews, 'reused');
  return { files: whole.size, items };
}

function localOnly(files: readonly FileRow[], includeTests: boolean): RepositoryPlanReport['localOnly'] {
  let items = 0;
  let whole = 0;
  const why = new Set<LocalReason>();
  for (const row of files) {
    if (row.contentHash === null) continue;
    const kept = row.units - sentUnits(row, includeTests);
    if (kept === 0) continue;
    items += kept;
    if (kept === row.units) whole += 1;
    why.add(row.generated && !sendsFile(row.role, row.generated, true) ? 'generated' : 'tests');
  }
  return { files: whole, items, why: [...why].sort().reverse() };
}
