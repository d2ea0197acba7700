import { canonicalJson } from '../util/canonical.ts';
import { sha256 } from '../util/hash.ts';

/** What makes a finding the same finding in the next run. */
export interface FindingIdentity {
  readonly rule: string;
  /** Of the file, relative to the root. */
  readonly path: string;
  /** Of the item around it, `''` at the top of the file. */
  readonly item: string;
  readonly quote: string;
  /** Counts the file's findings that are equal in all of the above, from 0. */
  readonly ordinal: number;
}

/** 16 hex digits; independent of line numbers and of how the quote is broken into lines. */
export function findingId({ rule, path, item, quote, ordinal }: FindingIdentity): string {
  return sha256(canonicalJson([rule, path, item, normalizedQuote(quote), ordinal])).slice(0, 16);
}

/**
 * What a finding is about, wherever its item goes: the same in another file, after a rewording, at another line. What
 * stands in no item is its file's. 16 hex digits.
 */
export function findingKey({ rule, path, item, quote }: Omit<FindingIdentity, 'ordinal'>): string {
  const place = item === '' ? ['file', path] : ['item', item];
  return sha256(canonicalJson([rule, ...place, normalizedQuote(quote)])).slice(0, 16);
}

/** White space collapsed to single blanks, none at the ends. */
export function normalizedQuote(quote: string): string {
  return quote.replace(/\s+/g, ' ').trim();
}
