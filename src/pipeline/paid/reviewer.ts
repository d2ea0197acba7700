import type { Notice } from '../../types/run.ts';
import type { FileRow } from '../../store/files.ts';
import { finishFiles } from '../finish.ts';
import { variantOf } from '../question.ts';
import type { LensQuestion } from '../question.ts';
import type { OpenRepository } from '../repository.ts';
import type { Bought } from '../summary.ts';
import type { Synced } from '../sync.ts';
import type { Books } from './books.ts';
import { boughtNotices, refutedNotices } from './bought-notices.ts';
import { openBooks, openingNotices } from './books.ts';
import { knownPrice } from './connection.ts';
import type { BuyerOptions } from './purchase.ts';
import { newBuyer } from './purchase.ts';
import type { AskedQuestions } from './questions-for.ts';
import { questionsFor } from './questions-for.ts';
import type { RunTotals } from './request-scope.ts';
import type { Endpoint, ReviewPlan } from './review.ts';
import { planReview } from './review.ts';
import { tallied } from './tallied.ts';

export interface ReviewerOptions extends BuyerOptions {
  readonly retryFailed: boolean;
  /** `nothing`: stored answers alone (`--offline`, `--dry-run`). */
  readonly send: 'missing' | 'nothing';
}

/** The paid side of an analysis: plans, buys, merges. Opened once a run. */
export interface Reviewer {
  readonly endpoint: Endpoint;
  readonly books: Books;
  questions(repository: OpenRepository): Promise<AskedQuestions>;
  /** What is missing, a plan for each question, put into requests. Sends nothing. */
  plan(repository: OpenRepository, synced: Synced): Promise<readonly ReviewPlan[]>;
  review(repository: OpenRepository, synced: Synced, startedMs: number): Promise<Reviewed>;
  close(): Promise<void>;
}

export interface Reviewed extends Bought {
  readonly notices: readonly Notice[];
  /** Files whose stored facts cannot be trusted. */
  readonly lost: readonly string[];
}

export async function openReviewer(options: ReviewerOptions): Promise<Reviewer> {
  const { host, layout, endpoint, budget, untrusted, retryFailed } = options;
  const books = await openBooks(layout, host.now);
  const buyer = newBuyer(options, books);
  // Said with the first repository.
  const opening = openingNotices(books);

  async function plansOf(
    repository: OpenRepository,
    synced: Synced,
    asked: readonly LensQuestion[],
    all: readonly LensQuestion[],
  ): Promise<ReviewPlan[]> {
    const price = knownPrice(repository.target.config.settings, endpoint.baseUrl, null);
    const variant = variantOf(all, repository);
    const plans: ReviewPlan[] = [];
    for (const question of asked) {
      plans.push(
        await planReview({
          ...{ host, repository, synced, books, question, variant, price },
          ...{ budget, untrusted, retryFailed },
        }),
      );
    }
    return plans;
  }

  /** Buys what the plans miss, where anything may be sent. */
  async function bought(
    repository: OpenRepository,
    plans: readonly ReviewPlan[],
    notices: Notice[],
    before: RunTotals | null,
  ): Promise<RunTotals | null> {
    const sends = options.send === 'missing' && !host.signal.aborted && before?.stopped !== true;
    if (!sends || plans.every(({ orders }) => orders.length === 0)) return before;
    return (await buyer.purchase(repository, plans, notices, before)) ?? before;
  }

  const questions = async (repository: OpenRepository): Promise<AskedQuestions> =>
    (await questionsFor(options, repository, books)).now();

  return {
    endpoint,
    books,
    questions,
    async plan(repository, synced) {
      const { all } = await questions(repository);
      return plansOf(repository, synced, all, all);
    },
    async review(repository, synced, startedMs) {
      const asked = await questionsFor(options, repository, books);
      const first = asked.now();
      const planned = await plansOf(repository, synced, first.primary, first.all);
      const lost = [...new Set(planned.flatMap(({ plan }) => plan.lost))];
      if (lost.length > 0) return { ...tallied(planned, null, new Map()), notices: [], lost };
      const notices = [...opening.splice(0), ...planned.flatMap((one) => one.notices)];
      const answers = await bought(repository, planned, notices, null);
      // Made again: the model that answered may have told its name meanwhile, and findings may wait for a second look.
      const then = asked.now();
      const second = await plansOf(repository, synced, then.second, then.all);
      const totals = await bought(repository, second, notices, answers);
      const plans = [...planned, ...second];
      notices.push(
        ...second.flatMap((one) => one.notices),
        ...(totals === null ? [] : boughtNotices(totals)),
      );
      const finished = await finishFiles(
        { repository, answers: books.answers, questions: asked.now().all, at: startedMs },
        toFinish(plans, totals),
      );
      notices.push(...refutedNotices(finished.refuted));
      // Lost meanwhile: the next run parses them again.
      repository.analysis.remove(finished.lost);
      return { ...tallied(plans, totals, finished.answered), notices: once(notices), lost: [] };
    },
    async close() {
      await buyer.close();
      books.close();
    },
  };
}

/** Files whose stored result does not say yet what it is to say. */
function toFinish(plans: readonly ReviewPlan[], totals: RunTotals | null): FileRow[] {
  const rows = new Map<string, FileRow>();
  const open = new Map<string, Set<string>>();
  const files = plans.flatMap(({ plan }) => plan.files);
  for (const { row, units } of files) {
    const keys = open.get(row.path) ?? new Set();
    open.set(row.path, keys);
    for (const { key, state } of units) if (state === 'missing' || state === 'failed') keys.add(key);
  }
  for (const { row, units, result } of files) {
    const merged = result.state === 'open' && result.missing === open.get(row.path)?.size;
    const asked = totals !== null && units.some(({ state }) => state === 'missing');
    if (!merged || asked) rows.set(row.path, row);
  }
  return [...rows.values()];
}

/** Each question's plan may have the same to say. */
function once(notices: readonly Notice[]): Notice[] {
  const seen = new Set<string>();
  return notices.filter(
    ({ code, message }) => !seen.has(`${code} ${message}`) && seen.add(`${code} ${message}`),
  );
}
