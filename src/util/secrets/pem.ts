import type { Secret } from '../secrets.ts';

const MARK = 'PRIVATE KEY';
/** What stands before and after the mark in a header. */
const BEGIN = /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}$/;
const LABEL_END = /(?: BLOCK)?-----/y;
const LONGEST_BODY = 32_768;
const SHORTEST_KEY = 40;

/**
 * PEM private keys with their key material, from `-----BEGIN` to `-----END …-----` (or to the last line
 * there is of it). A bare header, as parsers hold it, is no secret.
 */
export function findPrivateKeys(text: string): Secret[] {
  const found: Secret[] = [];
  let at = text.indexOf(MARK);
  while (at !== -1) {
    const key = keyAt(text, at);
    if (key !== null) found.push(key);
    at = text.indexOf(MARK, Math.max(key?.end ?? 0, at + MARK.length));
  }
  return found;
}

function keyAt(text: string, mark: number): Secret | null {
  const begin = BEGIN.exec(text.slice(Math.max(0, mark - 64), mark));
  LABEL_END.lastIndex = mark + MARK.length;
  if (begin === null || !LABEL_END.test(text)) return null;
  const body = LABEL_END.lastIndex;
  const end = endOfBody(text, body);
  if (keyCharacters(text.slice(body, end)) < SHORTEST_KEY) return null;
  return { kind: 'private-key', start: mark - begin[0].length, end: endOfFooter(text, end) };
}

/** Past everything that can stand in a key: base64, headers, line breaks, a string literal's own marks. */
function endOfBody(text: string, from: number): number {
  const limit = Math.min(text.length, from + LONGEST_BODY);
  let at = from;
  while (at < limit && /[A-Za-z0-9+/=\s\\":,.!#*-]/.test(text.charAt(at))) {
    if (text.startsWith('-----', at)) break;
    at += 1;
  }
  return at;
}

function endOfFooter(text: string, at: number): number {
  const footer = /-----END [A-Z0-9 ]{1,40}-----/y;
  footer.lastIndex = at;
  return footer.test(text) ? footer.lastIndex : at;
}

/** Base64 in lines of at least 16; prose after a header has none. */
function keyCharacters(body: string): number {
  let count = 0;
  for (const [run] of body.matchAll(/[A-Za-z0-9+/=]{16,}/g)) count += run.length;
  return count;
}
