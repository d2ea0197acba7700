import type { Price, Usage } from '../types/answer.ts';
import type { Json } from '../util/canonical.ts';
import type { UsageWarning } from './usage.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** One question to the model, with what is needed to read its bill. */
export interface ChatRequest {
  /** Fixed instructions first, the code last: the server caches an exact prefix. */
  readonly messages: readonly ChatMessage[];
  /** A strict JSON schema for the answer, null for free text. */
  readonly schema: { readonly name: string; readonly schema: Json } | null;
  /** Visible and reasoning tokens together. */
  readonly maxCompletionTokens: number;
  /** What `effortFor` gave; null sends none. */
  readonly reasoningEffort: string | null;
  /** Stable per prompt version; sent to xAI alone, where it keeps the prompt cache warm. */
  readonly conversation: string | null;
  readonly temperature?: number;
  readonly price: Price;
  /** The worst case that was reserved: the bill of an answer that does not tell its usage. */
  readonly reservedTicks: number;
}

export interface AnswerAttempt {
  readonly kind: 'answer';
  readonly text: string;
  /** `stop`, or `length` where the answer was cut: read it before the text. */
  readonly finishReason: string;
  readonly usage: Usage;
  readonly usageWarnings: readonly UsageWarning[];
  /** The model that answered, which need not be the one asked. */
  readonly model: string;
}

export type FailureClass =
  | 'rate-limited'
  | 'server'
  | 'timeout'
  | 'connection'
  | 'auth'
  | 'refused'
  | 'invalid-request'
  | 'context-overflow'
  | 'not-found'
  | 'loading'
  | 'cancelled'
  | 'malformed';

export interface Failure {
  readonly kind: 'failure';
  readonly class: FailureClass;
  /** One line, at most 300 characters, without the key and without control characters. */
  readonly message: string;
  readonly retryAfterMs: number | null;
  /** `no`: release the reservation. `unknown`: it stays open, unless `usage` is there to settle it. */
  readonly billed: 'no' | 'unknown';
  /** Where the server told its bill and the answer was of no use all the same. */
  readonly usage: Usage | null;
}

/** What one HTTP request came to. Never an exception. */
export type Attempt = AnswerAttempt | Failure;
