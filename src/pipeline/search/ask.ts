import { itemKey, shortHash } from '../../cache/key.ts';
import type { KeyFactors } from '../../cache/key.ts';
import { ANSWER_SCHEMA } from '../../cache/schema.ts';
import { UserError } from '../../errors.ts';
import type { Reply } from '../../lens/ask.ts';
import { ASK } from '../../lens/ask.ts';
import { checkedCitations } from '../../lens/citations.ts';
import { effortFor } from '../../llm/catalogue.ts';
import type { Redactor } from '../../llm/redact.ts';
import { REDACTION_VERSION } from '../../llm/redact.ts';
import { repoId } from '../../repo/root.ts';
import type { AskReport } from '../../report/ask.ts';
import type { ContextReport } from '../../report/context.ts';
import type { AnswerHead, Usage } from '../../types/answer.ts';
import type { Notice } from '../../types/run.ts';
import { TICKS_PER_USD } from '../../types/answer.ts';
import { sha256 } from '../../util/hash.ts';
import { ANALYSIS_VERSION, REPORT_SCHEMA_VERSION } from '../../version.ts';
import type { Books } from '../paid/books.ts';
import { openBooks, openingNotices } from '../paid/books.ts';
import type { ContextRequest, PackedContext } from './context-pack.ts';
import { packContext } from './context-pack.ts';
import type { ConsentQuestion } from '../paid/purchase.ts';
import { askOnce } from './ask-once.ts';
import type { Endpoint } from '../paid/review.ts';
import type { SearchContext } from './targets.ts';
import type { Target } from '../targets.ts';

export interface AskRequest extends ContextRequest {
  readonly endpoint: Endpoint;
  /** `--budget`, USD. */
  readonly budget: number | undefined;
  readonly askConsent: (question: ConsentQuestion) => Promise<boolean>;
}

/** What is kept of an answer to a question. */
export interface KeptReply extends AnswerHead, Reply {}

/**
 * Answers a question about code from a context pack; what the model cites is looked up in the pack. The same question
 * about the same code is paid for once. Throws UserError and ExternalError for what keeps it from an answer.
 */
export async function ask(
  context: SearchContext,
  targets: readonly Target[],
  request: AskRequest,
): Promise<AskReport> {
  const packed = await packContext(context, targets, request);
  const [first] = targets;
  if (first === undefined) throw new Error('a question about nothing');
  requireCode(packed.report);
  const { createRedactor } = await import('../../llm/redact.ts');
  const redact = await createRedactor();
  const books = await openBooks(context.layout, context.host.now);
  try {
    const asked = questionOf(first, request, packed, books, redact);
    const repository = repoId(first.root);
    const key = itemKey(asked.factors);
    const stored = (await books.answers.lookup<KeptReply>([key], repository)).get(key);
    if (stored !== undefined && stored.answer.status === 'complete')
      return reportOf(request, packed, stored.answer, { usage: stored.usage, notices: [], stored: true });
    const bought = await askOnce(context, first, { ...asked, ...request, books, repository });
    const notices = [...openingNotices(books), ...bought.notices];
    return reportOf(request, packed, bought.reply, { usage: bought.usage, notices, stored: false });
  } finally {
    books.close();
  }
}

function requireCode({ text, notices }: ContextReport): void {
  if (text !== '') return;
  const reason = notices.find(({ code }) => code === 'no-room');
  if (reason !== undefined) throw new UserError(reason.code, reason.message, 'Give it more: --tokens 8000');
  throw new UserError('nothing-found', 'nothing was found that this question is about');
}

/** What is sent, and all that its answer depends on. */
export interface AskedQuestion {
  readonly question: string;
  readonly code: string;
  readonly factors: KeyFactors;
}

function questionOf(
  { config }: Target,
  { task, endpoint: { baseUrl, model } }: AskRequest,
  { report }: PackedContext,
  { answers }: Books,
  redact: Redactor,
): AskedQuestion {
  const question = redact(task).text;
  const code = redact(report.text).text;
  return {
    question,
    code,
    factors: {
      lens: ASK.name,
      itemHash: sha256(question),
      contextDigest: sha256(code),
      analysisVersion: ANALYSIS_VERSION,
      providerUrl: baseUrl,
      model,
      resolvedModel: answers.resolvedModel(baseUrl, model),
      reasoningEffort: effortFor(model, baseUrl, config.settings.llm.reasoningEffort) ?? '',
      promptHash: ASK.promptHash,
      schemaVersion: ANSWER_SCHEMA.minCompatible,
      configHash: shortHash({}),
      redactionVersion: REDACTION_VERSION,
    },
  };
}

interface Came {
  readonly usage: Usage;
  readonly notices: readonly Notice[];
  readonly stored: boolean;
}

function reportOf(
  { task, endpoint }: AskRequest,
  { report, shown }: PackedContext,
  { answer, citations }: Reply,
  { usage, notices, stored }: Came,
): AskReport {
  const checked = checkedCitations(citations, shown);
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    question: task,
    provider: endpoint.provider,
    model: endpoint.model,
    answer,
    citations: checked,
    leftOut: citations.length - checked.length,
    stored,
    cost: stored
      ? { ticks: 0, usd: 0, inputTokens: 0, outputTokens: 0, estimated: false }
      : {
          ticks: usage.ticks,
          usd: usage.ticks / TICKS_PER_USD,
          inputTokens: usage.inputTokens,
          outputTokens: usage.outputTokens,
          estimated: usage.estimated,
        },
    notices: [...report.notices, ...notices],
  };
}
