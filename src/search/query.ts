import type { Splitter } from './words.ts';

/** A query as the ranking sees it. */
export interface Query {
  readonly text: string;
  /** Each once, in order. */
  readonly terms: readonly string[];
  /** Where the query is nothing but an identifier or a path of them, its segments. */
  readonly symbol: readonly string[] | null;
  /** It asks for tests, benches, fuzzing or examples. */
  readonly wantsTests: boolean;
}

const SYMBOL = /^[\p{L}_][\p{L}\p{N}_]*(?:(?:::|\.)[\p{L}_][\p{L}\p{N}_]*)*(?:\(\)|!)?$/u;
const TESTING =
  /\b(?:tests?|testing|tested|unit[- ]tests?|bench(?:es|marks?|marking)?|fuzz(?:ing|er)?|examples?|fixtures?|mock(?:s|ed)?)\b/i;

/** Reads a query; it may hold anything. */
export function readQuery(split: Splitter, text: string): Query {
  const plain = text.trim();
  return {
    text: plain,
    terms: [...new Set(split(plain))],
    symbol: SYMBOL.test(plain) ? plain.replace(/(?:\(\)|!)$/, '').split(/::|\./) : null,
    wantsTests: TESTING.test(plain.replaceAll('_', ' ')),
  };
}
