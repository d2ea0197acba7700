import type { Answer } from '../types/answer.ts';
import type { Severity } from '../types/finding.ts';
import type { Json } from '../util/canonical.ts';

/** A question that is asked of the model about items. */
export interface Lens {
  readonly name: string;
  /** The same for every request, so that a provider can cache it. */
  readonly system: string;
  /** First 16 of sha256 over all that we send beside the items: a factor of every item's key. */
  readonly promptHash: string;
  /** For `response_format`: `{name, strict: true, schema}`. */
  readonly responseName: string;
  readonly responseSchema: Json;
  /** The request's other message. `errors`: what was wrong with the answer before, said before the items. */
  readonly userMessage: (items: readonly SentItem[], errors?: readonly string[]) => string;
  readonly readAnswer: (text: string, sent: readonly SentItem[]) => Reading;
}

/** An item as one request shows it. */
export interface SentItem {
  /** Counts from 1 within the request. */
  readonly id: number;
  /** Which items are of one file; never shown. */
  readonly file: string;
  /** sha256 of the item's own text, before redaction. */
  readonly hash: string;
  /** After redaction, before delimiters are escaped. */
  readonly text: string;
  readonly context: string;
  /** What redaction replaced in `text`, in order; offsets are those of the text before. */
  readonly replaced: readonly Replacement[];
}

export interface Replacement {
  readonly start: number;
  readonly end: number;
  /** UTF-16 units that stand there instead. */
  readonly length: number;
}

/** What an answer was worth. */
export type Reading =
  | {
      readonly kind: 'ok';
      /** By id. */
      readonly answers: ReadonlyMap<number, Answer>;
      /** Ids that were sent and not answered, or answered in no usable form; to be asked once more together. */
      readonly missing: readonly number[];
      readonly discarded: Discarded;
      /** What was wrong with the answers that were of no use; for the next attempt. */
      readonly errors: readonly string[];
    }
  | { readonly kind: 'invalid'; readonly errors: readonly string[] };

/** Parts of an answer that were left out. */
export interface Discarded {
  /** Answers to an id that was answered already. */
  readonly duplicate: number;
  /** Answers to an id that was not sent. */
  readonly foreign: number;
  /** Findings whose quote does not stand in the item, or is none. */
  readonly unanchored: number;
  /** Findings that say again what another one of the same item says. */
  readonly repeated: number;
  /** Answers whose form was wrong. */
  readonly malformed: number;
}

/** A finding as the model gave it, its form checked, its quote not yet. */
export interface RawFinding {
  readonly quote: string;
  readonly severity: Severity;
  readonly category: string;
  readonly title: string;
  readonly message: string;
  readonly suggestion: string;
  readonly related: readonly string[];
  /** 1-based within the item, where the model gave one unasked. */
  readonly line: number | null;
}
