import type { ProviderDecision } from '../../config/provider.ts';
import type { Host } from '../../host.ts';
import type { PackOptions } from '../../lens/pack.ts';
import { estimateTokens, utf8Bytes } from '../../llm/tokens.ts';
import { ticksOfTokens, ticksOfUsd } from '../../llm/budget.ts';
import { budgetOf } from '../../config/budget.ts';
import { affordableTokens } from './estimate.ts';
import { churn } from '../../repo/history.ts';
import { messageOf } from '../../errors.ts';
import type { Price } from '../../types/answer.ts';
import type { Notice } from '../../types/run.ts';
import type { Order } from './orders.ts';
import { ordersOf } from './orders.ts';
import type { RepositoryPlan } from './plan.ts';
import { planRepository } from './plan.ts';
import type { LensQuestion } from '../question.ts';
import type { OpenRepository } from '../repository.ts';
import type { Books } from './books.ts';
import type { FileRow } from '../../store/files.ts';
import type { Synced } from '../sync.ts';

export type Endpoint = Extract<ProviderDecision, { kind: 'llm' }>;

/** What is to be bought for one question about a repository, and what is there already: what `--dry-run` prints. */
export interface ReviewPlan {
  readonly plan: RepositoryPlan;
  /** All files that were looked at. */
  readonly files: readonly FileRow[];
  readonly orders: readonly Order[];
  readonly question: LensQuestion;
  readonly packing: PackOptions;
  /** Milliseconds since the epoch, before anything stored was looked at. */
  readonly plannedMs: number;
  readonly notices: readonly Notice[];
}

const CHURN_DAYS = 14;
const EDIT_MS = 36 * 60 * 60 * 1000;

export interface PlanReviewInput {
  readonly host: Host;
  readonly repository: OpenRepository;
  readonly synced: Synced;
  readonly books: Books;
  readonly question: LensQuestion;
  /** Of the merged results, over all questions of the run. */
  readonly variant: string;
  /** Null: unknown, and the plan has no prices. */
  readonly price: Price | null;
  /** `--budget`, USD. */
  readonly budget: number | undefined;
  readonly untrusted: boolean;
  readonly retryFailed: boolean;
}

/** Gathers what is missing and puts it into requests in the order of work. Sends nothing. */
export async function planReview(input: PlanReviewInput): Promise<ReviewPlan> {
  const { host, repository, synced, books, question, variant, price, untrusted } = input;
  const { analysis, id } = repository;
  const plannedMs = host.now();
  const rows = analysis.files(synced.paths);
  const plan = await planRepository({
    rows,
    analysis,
    answers: books.answers,
    repository: id,
    question,
    variant,
    retryFailed: input.retryFailed,
  });
  const packing: PackOptions = {
    requestTokens: requestTokens(input, question),
    tokensOf: estimateTokens,
    reasoningEffort: question.shared.reasoningEffort,
    apart: untrusted,
  };
  const anyMissing = plan.files.some(({ units }) => units.some(({ state }) => state === 'missing'));
  const history = anyMissing ? await recentChurn(host, repository) : { commits: new Map(), notices: [] };
  const orders = ordersOf({
    files: plan.files,
    packing,
    churn: history.commits,
    editsSinceMs: host.now() - EDIT_MS,
    ticksOf: (tokens) => (price === null ? 0 : Math.ceil(ticksOfTokens(tokens, price.input))),
  });
  return {
    plan,
    files: rows,
    orders,
    question,
    packing,
    plannedMs,
    notices: history.notices,
  };
}

function requestTokens({ repository, price, budget }: PlanReviewInput, question: LensQuestion): number {
  const { settings } = repository.target.config;
  const asked = settings.llm.requestTokens;
  if (price === null) return asked;
  const { caps } = budgetOf(settings, budget);
  const cap = ticksOfUsd(Math.min(caps.perRun, caps.perDay, caps.perWeek, caps.perMonth));
  const overhead = { promptBytes: promptBytes(question), effort: question.shared.reasoningEffort };
  return affordableTokens(asked, cap, price, overhead);
}

async function recentChurn(
  host: Host,
  { target }: OpenRepository,
): Promise<{ readonly commits: ReadonlyMap<string, number>; readonly notices: readonly Notice[] }> {
  try {
    return { commits: await churn(target.root, { days: CHURN_DAYS, env: host.env }), notices: [] };
  } catch (error) {
    const message = `git did not tell which files change often, so they are not asked about first: ${messageOf(error)}`;
    return { commits: new Map(), notices: [{ code: 'git-failed', message }] };
  }
}

/** UTF-8 bytes of what every request carries beside its items. */
export function promptBytes({ lens }: LensQuestion): number {
  return utf8Bytes(lens.system) + utf8Bytes(JSON.stringify(lens.responseSchema));
}
