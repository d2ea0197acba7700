import { randomUUID } from 'node:crypto';
import { requireBudget } from '../../config/budget.ts';
import { agreementFor } from '../../config/provider.ts';
import type { Host } from '../../host.ts';
import { packOf } from '../../lens/pack.ts';
import type { Amounts } from '../../llm/budget.ts';
import type { Progress } from '../../report/progress.ts';
import { agree } from '../../store/agreements.ts';
import { freeBytes } from '../../store/file-system.ts';
import type { Layout } from '../../store/layout.ts';
import type { Price } from '../../types/answer.ts';
import type { Notice } from '../../types/run.ts';
import { buy } from './buy.ts';
import type { RequestScope, RunTotals } from './request-scope.ts';
import { newTotals } from './request-scope.ts';
import type { PaidRun } from './paid-run.ts';
import type { ParserPool } from '../pool.ts';
import { plannedCaps } from './caps.ts';
import { quote, sumOf } from './quote.ts';
import type { OpenRepository } from '../repository.ts';
import type { Endpoint, ReviewPlan } from './review.ts';
import { promptBytes } from './review.ts';
import type { Books } from './books.ts';
import type { Connection } from './connection.ts';
import { openConnection } from './connection.ts';
import type { Target } from '../targets.ts';

/** What a person is asked before code is sent to a server for the first time. */
export interface ConsentQuestion {
  readonly host: string;
  readonly model: string;
  readonly items: number;
  readonly requests: number;
  /** Ticks. */
  readonly expected: number;
  readonly worst: number;
  /** Findings of high or worse that it brings are looked at twice, which costs more. */
  readonly secondLook: boolean;
}

export interface BuyerOptions {
  readonly host: Host;
  readonly layout: Layout;
  readonly progress: Progress;
  readonly pool: ParserPool;
  readonly endpoint: Endpoint;
  /** `--budget`, USD. */
  readonly budget: number | undefined;
  readonly untrusted: boolean;
  /** Asks on the terminal; only called where the endpoint was not agreed to. */
  readonly askConsent: (question: ConsentQuestion) => Promise<boolean>;
}

/** Buys what plans miss: one consent, one connection and one run in the books for all of them. */
export interface Buyer {
  /**
   * One plan after the other; adds to `before`, what was bought before about the repository. Null where nothing was
   * agreed to.
   */
  purchase(
    repository: OpenRepository,
    plans: readonly ReviewPlan[],
    notices: Notice[],
    before: RunTotals | null,
  ): Promise<RunTotals | null>;
  close(): Promise<void>;
}

export function newBuyer(options: BuyerOptions, books: Books): Buyer {
  const { host, layout, endpoint } = options;
  const runId = randomUUID();
  let connection: Connection | null = null;
  let agreed: boolean | null = endpoint.agreed ? true : null;

  async function mayBuy(target: Target, plans: readonly ReviewPlan[], price: Price): Promise<boolean> {
    if (agreed !== null) return agreed;
    const secondLook = target.config.settings.analysis.verify;
    agreed = await options.askConsent({ ...consentQuestion(endpoint, plans, price), secondLook });
    if (agreed) await agree(layout, agreementFor(endpoint.baseUrl));
    return agreed;
  }

  return {
    async purchase(repository, plans, notices, before) {
      options.progress.start(`waiting for ${new URL(endpoint.baseUrl).host}`, 1);
      connection ??= await openConnection(host, repository.target.config.settings, endpoint.baseUrl);
      options.progress.stop();
      const price = connection.priceFor(0);
      if (!(await mayBuy(repository.target, plans, price))) {
        notices.push({ code: 'not-agreed', message: 'nothing was sent: it was not agreed to' });
        return null;
      }
      const caps = capsOf(repository.target, options, price, notices);
      const totals = before ?? newTotals();
      const funded = { ...connection, books, runId, caps };
      for (const plan of plans) {
        if (plan.orders.length > 0 && !totals.stopped && !host.signal.aborted)
          await sendOrders(options, repository, plan, funded, totals);
      }
      return totals;
    },
    close: async () => connection?.close(),
  };
}

/** The way to the server, and what may be spent on it. */
interface Funded extends Connection {
  readonly books: Books;
  readonly runId: string;
  readonly caps: Amounts;
}

async function sendOrders(
  { host, layout, endpoint, progress, pool, untrusted }: BuyerOptions,
  repository: OpenRepository,
  { orders, plan, question, packing, plannedMs }: ReviewPlan,
  funded: Funded,
  totals: RunTotals,
): Promise<void> {
  const { target, id } = repository;
  const { settings } = target.config;
  const hashes = new Map(plan.files.map(({ row }) => [row.path, row.contentHash]));
  const run: PaidRun = {
    ...funded,
    lens: question.lens,
    answers: funded.books.answers,
    ledger: funded.books.ledger,
    baseUrl: endpoint.baseUrl,
    model: endpoint.model,
    effort: question.shared.reasoningEffort === '' ? null : question.shared.reasoningEffort,
    concurrency: settings.llm.concurrency,
    completionCap: (units) => packOf(units, packing).completionCap,
    promptBytes: promptBytes(question),
    freeBytes: () => freeBytes(layout.home),
    now: host.now,
    random: host.random,
    newId: () => randomUUID(),
  };
  const scope: Omit<RequestScope, 'stop'> = {
    repository: id,
    untrusted,
    shared: question.shared,
    pool,
    // No signal: what was reserved and marked is rendered to its end.
    source: { root: target.root.root, maxFileSize: settings.analysis.maxFileSize },
    packing,
    plannedMs,
    hashOf: (path) => hashes.get(path) ?? null,
    signal: host.signal,
    totals,
    onWait: (note) => progress.advance(0, note),
  };
  progress.start('asking', orders.length);
  try {
    await buy(run, orders, scope, (note) => progress.advance(1, note));
  } finally {
    progress.stop();
  }
}

function capsOf(
  { config }: Target,
  { host, budget }: BuyerOptions,
  price: Price,
  notices: Notice[],
): Amounts {
  const free = price.input === 0 && price.cachedInput === 0 && price.output === 0;
  if (!free) requireBudget(host.env, budget);
  const planned = plannedCaps(config.settings, budget);
  notices.push(...planned.notices);
  return planned.caps;
}

function consentQuestion(
  { baseUrl, model }: Endpoint,
  plans: readonly ReviewPlan[],
  price: Price,
): Omit<ConsentQuestion, 'secondLook'> {
  const quotes = plans.flatMap(({ orders, question }) =>
    quote(orders, { model, baseUrl, price, promptBytes: promptBytes(question) }),
  );
  return {
    host: new URL(baseUrl).host,
    model,
    items: quotes.reduce((sum, { order }) => sum + order.pack.units.length, 0),
    requests: quotes.length,
    expected: sumOf(quotes, 'expected') ?? 0,
    worst: sumOf(quotes, 'worst') ?? 0,
  };
}
