/** What a model answered, and what that cost. Data only: no behaviour. */
import type { Severity } from './finding.ts';

/** Tokens and money of one answered request. 1 USD = 10^10 ticks. */
export interface Usage {
  readonly ticks: number;
  /** True where the cost was computed from tokens rather than told by the server. */
  readonly estimated: boolean;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

export const TICKS_PER_USD = 1e10;

/** USD per million tokens. */
export interface Price {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
  readonly source: 'api' | 'catalogue' | 'config';
}

/** One finding as the model gave it, anchored in the text that it was sent. */
export interface LensFinding {
  readonly quote: string;
  readonly severity: Severity;
  readonly category: string;
  readonly title: string;
  readonly message: string;
  readonly suggestion: string;
  /** Offsets into the item's own text, after mapping back through redaction. */
  readonly start: number;
  readonly end: number;
}

/** What every stored answer has, whatever was asked. */
export interface AnswerHead {
  readonly status: 'complete' | 'truncated' | 'failed';
  /** Hashes of other items of the same file that it leans on. */
  readonly cites: readonly string[];
}

/** What is stored, and paid for, per item. */
export interface Answer extends AnswerHead {
  readonly findings: readonly LensFinding[];
  /** Findings that could not be anchored and were left out. */
  readonly unanchored: number;
  /** Of the lens `safety`: its requirements by what was said of them. */
  readonly requirements?: { readonly met: number; readonly unmet: number; readonly unclear: number };
  /** Of the lens `verify`: what a second look made of the finding, and why. */
  readonly verdict?: { readonly kind: 'refuted' | 'upheld' | 'undecided'; readonly reason: string };
}
