const LOWER = 1;
const UPPER = 2;
const DIGIT = 3;

/** By ASCII code; 0: no part of a word. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const letter = String.fromCharCode(code);
  return /[a-z]/.test(letter) ? LOWER : /[A-Z]/.test(letter) ? UPPER : /\d/.test(letter) ? DIGIT : 0;
});
/** Longer ones are data: hashes, encoded bytes. */
const LONGEST = 32;

/**
 * The words of code or prose, in order, in the capitals they have: ASCII letters and digits, identifiers taken apart
 * (`parse_HTTPRequest2` → parse, HTTP, Request, 2). Digits stay with one or two letters before them (`u8`, `f64`, `h2`).
 * Single characters are left out. `visit` hears of at most `limit` words.
 */
export function eachWord(text: string, limit: number, visit: (word: string) => void): void {
  let left = limit;
  let start = -1;
  let kind = 0;
  for (let at = 0; at <= text.length && left > 0; at += 1) {
    const next = kindAt(text, at);
    const from = start === -1 ? -1 : boundary(text, start, at, kind, next);
    if (from !== -1) {
      const length = from - start;
      if (length > 1 && length <= LONGEST) {
        visit(text.slice(start, from));
        left -= 1;
      }
      start = from < at ? from : next === 0 ? -1 : at;
    } else if (start === -1 && next !== 0) start = at;
    kind = next;
  }
}

function kindAt(text: string, at: number): number {
  const code = at < text.length ? text.charCodeAt(at) : 0;
  return code < 128 ? (KINDS[code] as number) : 0;
}

/** Where the word from `start` ends, once the character at `at` shows it; -1: not yet. */
function boundary(text: string, start: number, at: number, kind: number, next: number): number {
  if (next === kind) return -1;
  if (next === 0) return at;
  if (kind === LOWER) return next === DIGIT && at - start <= 2 ? -1 : at;
  if (kind === DIGIT) return at;
  // A capital before a small letter begins a word: `HTTPServer`.
  if (next === LOWER) return at - start > 1 && kindAt(text, at - 2) === UPPER ? at - 1 : -1;
  return at - start <= 2 ? -1 : at;
}
