import { randomUUID } from 'node:crypto';
import { itemKey } from '../../cache/key.ts';
import { agreementFor } from '../../config/provider.ts';
import { ExternalError, UserError } from '../../errors.ts';
import type { Reply } from '../../lens/ask.ts';
import { ASK } from '../../lens/ask.ts';
import type { Lens } from '../../lens/lens.ts';
import type { PackedUnit } from '../../lens/pack.ts';
import { worstCaseTicks, ticksOfTokens } from '../../llm/budget.ts';
import { estimateTokens, utf8Bytes } from '../../llm/tokens.ts';
import { agree } from '../../store/agreements.ts';
import { freeBytes } from '../../store/file-system.ts';
import type { Price, Usage } from '../../types/answer.ts';
import type { Notice } from '../../types/run.ts';
import type { Unit } from '../../types/unit.ts';
import type { AskedQuestion, AskRequest, KeptReply } from './ask.ts';
import type { Books } from '../paid/books.ts';
import { plannedCaps } from '../paid/caps.ts';
import type { Connection } from '../paid/connection.ts';
import { openConnection } from '../paid/connection.ts';
import type { PaidRun } from '../paid/paid-run.ts';
import type { SendScope } from '../paid/request-scope.ts';
import { addUsage, newTotals, notice } from '../paid/request-scope.ts';
import type { SearchContext } from './targets.ts';
import type { RequestContent } from '../paid/send.ts';
import { send } from '../paid/send.ts';
import type { Target } from '../targets.ts';

/** Visible and reasoning tokens: an answer of a page or two. */
const COMPLETION_TOKENS = 4_000;

export interface AskedOnce extends AskedQuestion, Pick<AskRequest, 'endpoint' | 'budget' | 'askConsent'> {
  readonly books: Books;
  /** Id of the one that pays. */
  readonly repository: string;
}

export interface Answered {
  readonly reply: Reply;
  /** Of all that was sent for it. */
  readonly usage: Usage;
  readonly notices: readonly Notice[];
}

/** Asks, with one fresh attempt after an answer of another form, and stores what was paid for. */
export async function askOnce(context: SearchContext, target: Target, asked: AskedOnce): Promise<Answered> {
  const { host, progress } = context;
  const connection = await openConnection(host, target.config.settings, asked.endpoint.baseUrl);
  try {
    if (!asked.endpoint.agreed) await requireConsent(context, connection.priceFor(0), asked);
    const run = runOf(context, target, connection, asked);
    let stopped: Notice | null = null;
    const scope: SendScope = {
      repository: asked.repository,
      untrusted: false,
      shared: asked.factors,
      plannedMs: host.now(),
      signal: host.signal,
      totals: newTotals(),
      stop: (why) => (stopped ??= why),
      onWait: (note) => progress.advance(0, note),
    };
    progress.start('asking', 1);
    for (const errors of [[], ['the answer has not the form that was asked for']]) {
      const sent = await send(run, contentOf(asked), scope, errors);
      if (sent.kind === 'withheld') throw withheld(stopped, host.signal);
      if (sent.kind === 'failure') throw unanswered(sent.failure.class, sent.failure.message);
      const { text, finishReason, usage, usageWarnings, model } = sent.attempt;
      const reply = finishReason === 'stop' ? ASK.readReply(text) : null;
      await keep(run, asked, { requestId: sent.requestId, reply, usage, model });
      addUsage(scope.totals, usage);
      for (const { kind, message } of usageWarnings) notice(scope.totals, { code: `usage-${kind}`, message });
      if (reply !== null) return { reply, usage: scope.totals, notices: scope.totals.notices };
      if (finishReason === 'length') throw unanswered('cut', 'it was cut at its limit');
    }
    throw unanswered('invalid-answer', 'twice it had not the form that was asked for');
  } finally {
    progress.stop();
    await connection.close();
  }
}

async function requireConsent({ layout }: SearchContext, price: Price, asked: AskedOnce): Promise<void> {
  const { baseUrl, model } = asked.endpoint;
  const bytes = bytesOf(asked);
  const agreed = await asked.askConsent({
    host: new URL(baseUrl).host,
    model,
    items: 1,
    requests: 1,
    expected: Math.ceil(ticksOfTokens(estimateTokens(bytes), price.input)),
    worst: worstCaseTicks({ bytes, maxCompletionTokens: COMPLETION_TOKENS, price }),
    secondLook: false,
  });
  if (!agreed) throw new UserError('no-consent', 'nothing was sent: it was not agreed to');
  await agree(layout, agreementFor(baseUrl));
}

function runOf(
  { host, layout }: SearchContext,
  { config }: Target,
  connection: Connection,
  { books, endpoint, budget, factors }: AskedOnce,
): PaidRun {
  const { caps } = plannedCaps(config.settings, budget);
  return {
    ...connection,
    lens: LENS,
    answers: books.answers,
    ledger: books.ledger,
    caps,
    baseUrl: endpoint.baseUrl,
    model: endpoint.model,
    effort: factors.reasoningEffort === '' ? null : factors.reasoningEffort,
    concurrency: 1,
    completionCap: () => COMPLETION_TOKENS,
    promptBytes: utf8Bytes(ASK.system) + utf8Bytes(JSON.stringify(ASK.schema)),
    runId: randomUUID(),
    freeBytes: () => freeBytes(layout.home),
    now: host.now,
    random: host.random,
    newId: () => randomUUID(),
  };
}

/** The question stands in an item's place, the code in its context's. */
const LENS: Lens = {
  name: ASK.name,
  system: ASK.system,
  promptHash: ASK.promptHash,
  responseName: ASK.name,
  responseSchema: ASK.schema,
  userMessage: ([item], errors = []) => {
    const note = errors
      .map((error) => `Your answer before this one could not be used: ${error}\n\n`)
      .join('');
    return note + ASK.userMessage(item?.text ?? '', item?.context ?? '');
  },
  readAnswer: () => ({ kind: 'invalid', errors: [] }),
};

function contentOf({ question, code, factors }: AskedOnce): RequestContent {
  const unit: Unit = {
    ...{ hash: factors.itemHash, context: factors.contextDigest, path: '', kind: 'fn' as const },
    ...{ start: 0, end: question.length, bytes: bytesOf({ question, code }), test: false },
  };
  const packed: PackedUnit = { id: 1, file: '', key: itemKey(factors), unit };
  const item = { id: 1, file: '', hash: factors.itemHash, text: question, context: code, replaced: [] };
  return { items: [item], units: [packed] };
}

function bytesOf({ question, code }: Pick<AskedQuestion, 'question' | 'code'>): number {
  return utf8Bytes(question) + utf8Bytes(code);
}

interface Came {
  readonly requestId: string;
  readonly reply: Reply | null;
  readonly usage: Usage;
  readonly model: string;
}

/** As with every answer: first it, then the ledger, then the mark. */
async function keep(run: PaidRun, asked: AskedOnce, { requestId, reply, usage, model }: Came): Promise<void> {
  const { answers, ledger, now } = run;
  const factors = { ...asked.factors, resolvedModel: model };
  answers.setResolvedModel(run.baseUrl, run.model, model, now());
  const answer: KeptReply | null = reply === null ? null : { status: 'complete', cites: [], ...reply };
  await answers.saveRequest({
    ...{ requestId, model, usage, at: now(), repository: asked.repository, untrusted: false },
    answers: answer === null ? [] : [{ itemKey: itemKey(factors), factors, answer, usage }],
  });
  ledger.settle(requestId, usage);
  answers.clearInFlight(requestId);
}

function withheld(stopped: Notice | null, signal: AbortSignal): Error {
  if (stopped !== null) return unanswered(stopped.code, stopped.message);
  return unanswered(
    'withheld',
    signal.aborted
      ? 'interrupted'
      : 'another process asks the same: ask again when it has its answer, which is then stored',
  );
}

/** What kept a question from its answer. */
function unanswered(code: string, reason: string): ExternalError {
  return new ExternalError(code, `the question was not answered: ${reason}`, { retryable: true });
}
