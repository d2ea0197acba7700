import { stemmer } from 'stemmer';
import { detached } from '../util/detached.ts';
import { STOP_WORDS } from './stop-words.ts';

/** Letters, digits and underscores: an identifier, a word of prose, a number. */
const TOKEN = /[\p{L}\p{N}_]+/gu;
/** `HTTP` + `Server`, `parse` + `Http`, `sha` + `256`. */
const PART = /\p{Lu}+(?![\p{Ll}])|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{Lt}]+|\p{N}+/gu;
/** Longer ones are data: hashes, encoded bytes. */
const LONGEST = 64;
/** Tokens remembered at most; a repository has about a tenth of it. */
const REMEMBERED = 200_000;

/** Splits text into search terms and remembers each token's terms, for identifiers come again and again. */
export type Splitter = (text: string) => string[];

/**
 * The terms of code or prose, in order: each identifier whole (lower-cased, underscores taken out, so that
 * `parse_http` and `ParseHttp` are one) and, where it has several parts, the parts; stemmed by Porter's
 * algorithm. Single characters and stop words are no terms.
 */
export function newSplitter(): Splitter {
  const known = new Map<string, readonly string[]>();
  return (text) => {
    const terms: string[] = [];
    for (const [token] of text.matchAll(TOKEN)) {
      if (token.length > LONGEST) continue;
      let of = known.get(token);
      if (of === undefined) {
        if (known.size >= REMEMBERED) known.clear();
        const own = detached(token);
        known.set(own, (of = termsOf(own)));
      }
      for (const term of of) terms.push(term);
    }
    return terms;
  };
}

/** An identifier's parts, lower-cased: `parse_HTTPRequest2` → parse, http, request, 2. */
export function partsOf(identifier: string): string[] {
  return [...identifier.matchAll(PART)].map(([part]) => part.toLowerCase());
}

function termsOf(token: string): string[] {
  const parts = partsOf(token);
  const whole = parts.join('');
  const terms = parts.filter((part) => part.length > 1 && !STOP_WORDS.has(part)).map(stemmer);
  if (parts.length > 1 && whole.length > 1) terms.unshift(whole);
  return terms;
}
