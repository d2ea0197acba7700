import type { Notice } from '../../types.ts';
import type { FileRow } from '../../store/files.ts';
import type { RunTotals } from './request-scope.ts';
import { finishFiles } from '../finish.ts';
import type { BuyerOptions } from './purchase.ts';
import { newBuyer } from './purchase.ts';
import type { OpenRepository } from '../repository.ts';
import type { Endpoint, ReviewPlan } from './review.ts';
import { lensQuestion, planReview } from './review.ts';
import type { Books } from './books.ts';
import { openBooks, openingNotices } from './books.ts';
import { knownPrice } from './connection.ts';
import type { Bought } from '../summary.ts';
import type { Synced } from '../sync.ts';
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
  /** What is missing, put into requests. Sends nothing. */
  plan(repository: OpenRepository, synced: Synced): Promise<ReviewPlan>;
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

  function plan(repository: OpenRepository, synced: Synced) {
    const price = knownPrice(repository.target.config.settings, endpoint.baseUrl, null);
    return planReview({
      ...{ host, repository, synced, books, endpoint, price },
      ...{ budget, untrusted, retryFailed },
    });
  }

  return {
    endpoint,
    books,
    plan,
    async review(repository, synced, startedMs) {
      const planned = await plan(repository, synced);
      const { lost } = planned.plan;
      if (lost.length > 0) return { ...tallied(planned, null, new Map()), notices: [], lost };
      const notices = [...opening.splice(0), ...planned.notices];
      const sends = planned.orders.length > 0 && options.send === 'missing' && !host.signal.aborted;
      const totals = sends ? await buyer.purchase(repository, planned, notices) : null;
      const rows = toFinish(planned, totals);
      // Asked again: the model that answered may have told its name in this run.
      const question = lensQuestion(repository.target, endpoint, books);
      const { answers } = books;
      const finished = await finishFiles({ repository, answers, question, at: startedMs }, rows);
      // Lost meanwhile: the next run parses them again.
      repository.analysis.remove(finished.lost);
      return { ...tallied(planned, totals, finished.answered), notices, lost: [] };
    },
    async close() {
      await buyer.close();
      books.close();
    },
  };
}

/** Files whose stored result does not say yet what it is to say. */
function toFinish({ plan }: ReviewPlan, totals: RunTotals | null): FileRow[] {
  const asked = totals !== null;
  return plan.files
    .filter(({ merged, units }) => !merged || (asked && units.some(({ state }) => state === 'missing')))
    .map(({ row }) => row);
}
