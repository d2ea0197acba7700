import type { IdFault } from './reviewer.ts';

/** How the bill is told. `llama`: tokens only. `reasoning-*`: where reasoning tokens are counted. */
export type UsageStyle =
  | 'xai'
  | 'llama'
  | 'none'
  | 'reasoning-inside'
  | 'reasoning-outside'
  | 'reasoning-unclear'
  | 'cached-above-prompt'
  | 'negative';

export interface AnswerOptions {
  /** Before the first byte. */
  readonly delayMs?: number;
  readonly usage?: UsageStyle;
  readonly finishReason?: string;
  /** The model that claims to have answered. */
  readonly model?: string;
  /** One JSON body although a stream was asked for. */
  readonly whole?: boolean;
}

/** What the server does with one chat request. All of it is JSON, so that another process can ask for it. */
export type Behaviour =
  | ({ readonly kind: 'review'; readonly ids?: IdFault } & AnswerOptions)
  | ({ readonly kind: 'text'; readonly text: string } & AnswerOptions)
  /** An error answer; `{key}` in it becomes the key that was sent. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Never goes on. */
  | { readonly kind: 'hang'; readonly when: 'before-headers' | 'after-headers' | 'mid-stream' }
  /** Closes the connection. `after-finish`: all of the answer is there, its usage is not. */
  | { readonly kind: 'cut'; readonly when: 'before-headers' | 'mid-stream' | 'after-finish' }
  /** All of a stream, after which the connection stays open. */
  | { readonly kind: 'no-end' }
  /** Ends the stream in good order, in the middle of the answer. */
  | { readonly kind: 'stop-early' }
  | { readonly kind: 'truncated-body' }
  | { readonly kind: 'garbage-event' }
  | { readonly kind: 'error-event'; readonly status: number; readonly message: string }
  /** Sends until the client leaves, in small events or in one line. */
  | { readonly kind: 'endless'; readonly shape: 'events' | 'line' | 'body' }
  /** A recorded answer, byte for byte. */
  | {
      readonly kind: 'recorded';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
    };

/** Names for the command line and for tests: what each misbehaviour is called in the contract. */
export const MISBEHAVIOURS = {
  'rate-limited': { kind: 'status', status: 429, body: '{"error":{"message":"Too many requests"}}' },
  'rate-limited-seconds': { kind: 'status', status: 429, headers: { 'retry-after': '7' } },
  'rate-limited-date': {
    kind: 'status',
    status: 429,
    headers: { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' },
  },
  'server-error': { kind: 'status', status: 500, body: '{"error":{"message":"boom","type":"server_error"}}' },
  loading: {
    kind: 'status',
    status: 503,
    body: '{"error":{"message":"Loading model","type":"unavailable_error","code":503}}',
  },
  'hang-before-headers': { kind: 'hang', when: 'before-headers' },
  'hang-mid-stream': { kind: 'hang', when: 'mid-stream' },
  'cut-before-headers': { kind: 'cut', when: 'before-headers' },
  'cut-mid-stream': { kind: 'cut', when: 'mid-stream' },
  'truncated-json': { kind: 'text', text: '{"items":[{"id":1,"findi' },
  length: { kind: 'review', finishReason: 'length' },
  empty: { kind: 'text', text: '' },
  'wrong-schema': { kind: 'text', text: '{"items":[{"id":"one","findings":"none"}]}' },
  'omitted-ids': { kind: 'review', ids: 'omitted' },
  'foreign-ids': { kind: 'review', ids: 'foreign' },
  'duplicate-ids': { kind: 'review', ids: 'duplicate' },
  huge: { kind: 'endless', shape: 'events' },
  'wrong-model': { kind: 'review', model: 'another-model' },
  'echo-key': {
    kind: 'status',
    status: 400,
    body: '{"error":{"message":"Incorrect API key provided: {key}"}}',
  },
  slow: { kind: 'review', delayMs: 300 },
  'no-usage': { kind: 'review', usage: 'none' },
} as const satisfies Readonly<Record<string, Behaviour>>;

export type Misbehaviour = keyof typeof MISBEHAVIOURS;
