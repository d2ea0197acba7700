import type { Secret } from '../secrets.ts';
import { looksChosen, looksRandom } from './strength.ts';

type NameKind = 'password' | 'secret' | 'token';

const NAMES: readonly (readonly [NameKind, RegExp])[] = [
  ['password', /pass(?:word|wd|phrase)$|pwd$|(?:^|[_-])pass$/i],
  ['secret', /(?:^|[_-]|client|shared|app|jwt)secret$/i],
  ['token', /(?:^|[_-]|access|auth|bearer|refresh|bot|api)token$/i],
  [
    'token',
    /(?:api|access|secret|private|signing|encryption|auth|client|account|shared|license|master|service)[_-]?key$/i,
  ],
  ['password', /[a-z0-9]Pass$/],
  ['secret', /[a-z0-9]Secret$/],
  ['token', /[a-z0-9]Token$/],
];
const STAND_IN = /test|example|fake|mock|dummy|sample|invalid|wrong|bad|expired|public|hash/i;

const WRAPPER = String.raw`(?:(?:Some|Ok|(?!Regex)[A-Z]\w{0,40}::(?:new|from|from_static|from_str|Borrowed|Owned))\(){0,2}`;
const TYPE = String.raw`(?::\s?[^"=;{}()\n]{1,60})?`;
/** `name: T = "`, `name == "`, `name: "`, `name => "`, `name("`. */
const BARE = String.raw`(?:\s?${TYPE}\s?(?:==|=)|\s?(?::|=>)|\()`;
/** The name itself quoted: `"name": "`, `("name", "`, `["name"] = "`. */
const QUOTED = String.raw`\\?["']\]?\s?(?::|=>|,|==|=)`;
/** What may stand before a value's opening quote: a name, and a sign that gives it the value. */
const NAMED = new RegExp(
  String.raw`(?<![\w-])([\w-]{3,64})(?:${BARE}|${QUOTED})\s{0,24}${WRAPPER}[&*]?(?:b|r|br)?#{0,2}\\?$`,
);
const BEFORE = 200;
const SHORTEST = 6;
const LONGEST = 512;
const BACKSLASH = 92;
/** Within one string: `Server=db;Password=…;`. */
const INLINE = /[^\s;&"'`,(){}<>\\:=>]{8,256}(?=[\s;&"'`,\\]|$)/y;
const NAME_AT_END = /(?<![\w-])[\w-]{3,64}$/;
const CREDENTIALS = /[\w.~+/=-]{16,2000}/y;
const SCHEMES = ['Bearer ', 'Basic '];

/** Values that a name such as `password`, `api_key`, `Bearer` gives away, if they may be real ones. */
export function findAssignedSecrets(text: string): Secret[] {
  return [...quoted(text), ...inline(text), ...authorizations(text)];
}

/** Values in quotes. Every pair of neighbouring quotes is looked at: what is a string and what lies between is not known. */
function quoted(text: string): Secret[] {
  const found: Secret[] = [];
  for (const { open, end } of quotedWords(text)) {
    const secret = assigned(text, open, end);
    if (secret !== null) found.push(secret);
  }
  return found;
}

interface Quoted {
  /** Of the opening quote. */
  readonly open: number;
  /** Of what closes it. */
  readonly end: number;
}

function quotedWords(text: string): Quoted[] {
  const words: Quoted[] = [];
  let open = text.indexOf('"');
  while (open !== -1) {
    const close = text.indexOf('"', open + 1);
    if (close === -1) break;
    const end = text.charCodeAt(close - 1) === BACKSLASH ? close - 1 : close;
    const length = end - open - 1;
    if (length >= SHORTEST && length <= LONGEST && isOneWord(text, open + 1, end)) words.push({ open, end });
    open = close;
  }
  return words;
}

/** No white space and no backslash, and not letters alone: few strings in code are so. */
function isOneWord(text: string, from: number, to: number): boolean {
  let marked = false;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= 32 || code === BACKSLASH) return false;
    const letter = (code | 32) >= 97 && (code | 32) <= 122;
    marked ||= !letter && code !== 45 && code !== 95;
  }
  return marked;
}

function assigned(text: string, open: number, end: number): Secret | null {
  const value = text.slice(open + 1, end);
  if (!looksChosen(value) && !looksRandom(value)) return null;
  const name = NAMED.exec(text.slice(Math.max(0, open - BEFORE), open))?.[1];
  const kind = name === undefined ? null : kindOf(name);
  if (name === undefined || kind === null) return null;
  if (!(kind === 'token' ? looksRandom(value) : looksChosen(value) || looksRandom(value))) return null;
  return { kind: labelOf(kind, name), start: open + 1, end };
}

/** `name=value` without quotes, as in connection strings, addresses and environment files. */
function inline(text: string): Secret[] {
  const found: Secret[] = [];
  for (let at = text.indexOf('='); at !== -1; at = text.indexOf('=', at + 1)) {
    const next = text.charCodeAt(at + 1);
    if (next <= 34 || !isLetter(text.charCodeAt(at - 1))) continue;
    const name = NAME_AT_END.exec(text.slice(Math.max(0, at - 65), at))?.[0];
    const kind = name === undefined ? null : kindOf(name);
    if (name === undefined || kind === null) continue;
    INLINE.lastIndex = at + 1;
    const value = INLINE.exec(text)?.[0];
    if (value === undefined || !looksChosen(value) || (kind !== 'password' && !looksRandom(value))) continue;
    found.push({ kind: labelOf(kind, name), start: at + 1, end: at + 1 + value.length });
  }
  return found;
}

function authorizations(text: string): Secret[] {
  const found: Secret[] = [];
  for (const scheme of SCHEMES) {
    for (let at = text.indexOf(scheme); at !== -1; at = text.indexOf(scheme, at + 1)) {
      CREDENTIALS.lastIndex = at + scheme.length;
      const value = CREDENTIALS.exec(text)?.[0];
      if (value === undefined || !looksRandom(value)) continue;
      const start = at + scheme.length;
      found.push({ kind: 'authorization', start, end: start + value.length });
    }
  }
  return found;
}

function kindOf(name: string): NameKind | null {
  const kind = NAMES.find(([, pattern]) => pattern.test(name))?.[0];
  return kind === undefined || STAND_IN.test(name) ? null : kind;
}

function labelOf(kind: NameKind, name: string): string {
  return kind === 'token' && /aws/i.test(name) ? 'aws-secret-key' : kind;
}

function isLetter(code: number): boolean {
  return (code | 32) >= 97 && (code | 32) <= 122;
}
