import { randomUUID } from 'node:crypto';
import { budgetOf, isCi } from '../config/budget.ts';
import { agreementFor } from '../config/provider.ts';
import type { Target } from './targets.ts';
import type { Host } from '../host.ts';
import { packOf } from '../lens/pack.ts';
import type { Amounts } from '../llm/budget.ts';
import type { Progress } from '../report/progress.ts';
import { agree } from '../store/agreements.ts';
import type { FileRow } from '../store/files.ts';
import type { AnalysisRow } from '../store/result-rows.ts';
import type { Layout } from '../store/layout.ts';
import type { Notice, Price } from '../types.ts';
import { counted } from '../util/numbers.ts';
import { buy } from './buy.ts';
import type { Errand, Tally } from './errand.ts';
import { newTally } from './errand.ts';
import type { Finished } from './finish.ts';
import { finishFiles } from './finish.ts';
import type { Market } from './market.ts';
import { openPool } from './pool.ts';
import { plannedCaps } from './purse.ts';
import { quote, sumOf } from './quote.ts';
import type { OpenRepository } from './repository.ts';
import type { Endpoint, ReviewPlan } from './review.ts';
import { lensQuestion, planReview, promptBytes } from './review.ts';
import type { Books, Counter } from './shop.ts';
import { knownPrice, openBooks, openCounter } from './shop.ts';
import type { Bought } from './summary.ts';
import type { Synced } from './sync.ts';
import { tallied } from './tallied.ts';

/** What a person is asked before anything is sent to a server for the first time. */
export interface ConsentQuestion {
  readonly host: string;
  readonly model: string;
  readonly items: number;
  readonly requests: number;
  /** Ticks. */
  readonly expected: number;
  readonly worst: number;
}

export interface ReviewerOptions {
  readonly host: Host;
  readonly layout: Layout;
  readonly progress: Progress;
  readonly endpoint: Endpoint;
  /** `--budget` as given. */
  readonly budget: string | undefined;
  readonly untrusted: boolean;
  readonly retryFailed: boolean;
  /** `stored`: nothing is sent (`--offline`). */
  readonly send: 'missing' | 'nothing';
  /** Asks on the terminal; only called where the endpoint was not agreed to. */
  readonly askConsent: (question: ConsentQuestion) => Promise<boolean>;
}

/** The paid side of an analysis: plans, buys, merges. Opened once a run. */
export interface Reviewer {
  readonly provider: string;
  readonly model: string;
  readonly books: Books;
  review(
    repository: OpenRepository,
    synced: Synced,
    results: readonly AnalysisRow[],
    startedMs: number,
  ): Promise<Reviewed>;
  close(): Promise<void>;
}

export interface Reviewed extends Bought {
  readonly notices: readonly Notice[];
  /** Files whose stored facts cannot be trusted. */
  readonly lost: readonly string[];
  /** Whether merged results were written: what was read of them before is old. */
  readonly wrote: boolean;
}

export async function openReviewer(options: ReviewerOptions): Promise<Reviewer> {
  const { host, layout, endpoint } = options;
  const books = await openBooks(layout, host.now);
  const runId = randomUUID();
  let counter: Counter | null = null;
  let agreed: boolean | null = endpoint.agreed ? true : null;
  // Said with the first repository.
  const opening = [...books.answers.notices, ...books.ledger.notices];

  async function mayBuy(plan: ReviewPlan, price: Price): Promise<boolean> {
    if (agreed !== null) return agreed;
    agreed = await options.askConsent(consentQuestion(endpoint, plan, price));
    if (agreed) await agree(layout, agreementFor(endpoint.baseUrl));
    return agreed;
  }

  /** Null where nothing is to be sent. */
  async function purchase(
    repository: OpenRepository,
    plan: ReviewPlan,
    notices: Notice[],
  ): Promise<Tally | null> {
    if (plan.orders.length === 0 || options.send === 'nothing' || host.signal.aborted) return null;
    const { settings } = repository.target.config;
    counter ??= await openCounter(host, settings, endpoint.baseUrl);
    if (!(await mayBuy(plan, counter.priceFor(0)))) {
      notices.push({ code: 'not-agreed', message: 'nothing was sent: it was not agreed to' });
      return null;
    }
    const caps = capsOf(repository.target, options, counter.priceFor(0), notices);
    return goShopping(options, repository, plan, { ...counter, books, runId, caps });
  }

  return {
    provider: endpoint.provider,
    model: endpoint.model,
    books,
    async review(repository, synced, results, startedMs) {
      const price = knownPrice(repository.target.config.settings, endpoint.baseUrl, null);
      const { budget, untrusted, retryFailed } = options;
      const plan = await planReview({
        ...{ host, repository, synced, results, books, endpoint, price },
        ...{ budget, untrusted, retryFailed },
      });
      const notices = [...opening.splice(0), ...plan.notices];
      if (plan.plan.lost.length > 0)
        return { ...tallied(plan, null, new Map()), notices, lost: plan.plan.lost, wrote: false };
      const tally = await purchase(repository, plan, notices);
      if (tally !== null) notices.push(...tally.notices, ...redactionNotices(tally));
      const rows = toFinish(plan, tally);
      const { lost, answered } = await finish(repository, rows, endpoint, books, startedMs);
      // Lost meanwhile: the next run parses them again.
      repository.analysis.remove(lost);
      return { ...tallied(plan, tally, answered), notices, lost: [], wrote: rows.length > 0 };
    },
    async close() {
      await counter?.close();
      books.close();
    },
  };
}

interface Purse extends Counter {
  readonly books: Books;
  readonly runId: string;
  readonly caps: Amounts;
}

async function goShopping(
  { host, endpoint, progress, untrusted }: ReviewerOptions,
  repository: OpenRepository,
  { orders, plan, question, packing, plannedMs }: ReviewPlan,
  purse: Purse,
): Promise<Tally> {
  const { target, id } = repository;
  const { settings } = target.config;
  const hashes = new Map(plan.files.map(({ row }) => [row.path, row.contentHash]));
  const pool = await openPool({
    root: target.root.root,
    maxFileSize: settings.analysis.maxFileSize,
    rules: {},
    threads: 1,
    // What was reserved and marked is rendered to its end.
    signal: new AbortController().signal,
  });
  const market: Market = {
    ...purse,
    lens: question.lens,
    answers: purse.books.answers,
    ledger: purse.books.ledger,
    baseUrl: endpoint.baseUrl,
    model: endpoint.model,
    effort: question.shared.reasoningEffort === '' ? null : question.shared.reasoningEffort,
    concurrency: settings.llm.concurrency,
    completionCap: (units) => packOf(units, packing).completionCap,
    promptBytes: promptBytes(question),
    now: host.now,
    random: host.random,
    newId: () => randomUUID(),
  };
  const errand: Omit<Errand, 'stop'> = {
    repository: id,
    untrusted,
    shared: question.shared,
    pool,
    packing,
    plannedMs,
    hashOf: (path) => hashes.get(path) ?? null,
    signal: host.signal,
    tally: newTally(),
  };
  progress.start('asking', orders.length);
  try {
    await buy(market, orders, errand, (note) => progress.advance(1, note));
    return errand.tally;
  } finally {
    progress.stop();
    await pool.close();
  }
}

/** Files whose stored result does not say yet what it is to say. */
function toFinish({ plan }: ReviewPlan, tally: Tally | null): FileRow[] {
  const asked = tally !== null;
  return plan.files
    .filter(({ merged, units }) => !merged || (asked && units.some(({ state }) => state === 'missing')))
    .map(({ row }) => row);
}

function finish(
  repository: OpenRepository,
  rows: readonly FileRow[],
  endpoint: Endpoint,
  { answers, ...books }: Books,
  at: number,
): Promise<Finished> {
  const { target, id, analysis, rulesHash } = repository;
  // Asked again: the model that answered may have told its name in this run.
  const question = lensQuestion(target, endpoint, { answers, ...books });
  return finishFiles(
    {
      root: target.root.root,
      repository: id,
      analysis,
      answers,
      question,
      rulesHash,
      maxFileSize: target.config.settings.analysis.maxFileSize,
      at,
    },
    rows,
  );
}

function capsOf(
  { config }: Target,
  { host, budget }: ReviewerOptions,
  price: Price,
  notices: Notice[],
): Amounts {
  const free = price.input === 0 && price.cachedInput === 0 && price.output === 0;
  const machine = isCi(host.env) ? 'throw-away' : 'own';
  // Refuses paid work without a budget on a throw-away machine.
  budgetOf({ settings: config.settings, budget, machine, work: free ? 'free' : 'paid' });
  const planned = plannedCaps(config.settings, budget);
  notices.push(...planned.notices);
  return planned.caps;
}

function consentQuestion(
  { baseUrl, model }: Endpoint,
  { orders, rows, question }: ReviewPlan,
  price: Price,
): ConsentQuestion {
  const quotes = quote(orders, { model, baseUrl, price, promptBytes: promptBytes(question) });
  return {
    host: new URL(baseUrl).host,
    model,
    items: rows.reduce((sum, { items }) => sum + items, 0),
    requests: orders.length,
    expected: sumOf(quotes, 'expected') ?? 0,
    worst: sumOf(quotes, 'worst') ?? 0,
  };
}

function redactionNotices({ redacted }: Tally): Notice[] {
  const places = [...new Set(redacted.map(({ kind, path, line }) => `${kind} (${path}:${line})`))];
  if (places.length === 0) return [];
  const listed = places.slice(0, 10).join(', ');
  const more = places.length > 10 ? `, and ${places.length - 10} more` : '';
  return [{ code: 'redacted', message: `not sent: ${counted(places.length, 'secret')}: ${listed}${more}` }];
}
