/**
 * The glob language of `.gitignore`, over bytes: pattern and text are latin1 strings, one character per
 * byte, because git's `?` and `[…]` stand for one byte. Matching never backtracks further than the last
 * `*` of the segment and the last `**`, so a hostile pattern costs at most length squared.
 */
export interface Glob {
  readonly tokens: readonly Token[];
}

type Token =
  | { readonly kind: 'byte'; readonly code: number }
  | { readonly kind: 'any' }
  | { readonly kind: 'set'; readonly members: Uint8Array }
  | { readonly kind: 'star' }
  /** `**` before a slash: directories, none or more; after `**\/` (an escaped slash) one or more. */
  | { readonly kind: 'directories'; readonly least: 0 | 1 }
  /** `**` at the end: whatever is left. */
  | { readonly kind: 'rest' };

const SLASH = 47;

/**
 * Null where git can match nothing with the pattern (an open bracket, an unknown class, a final backslash).
 * With `fold` the pattern expects a text in ASCII lower case.
 */
export function compileGlob(pattern: string, { fold }: { readonly fold: boolean }): Glob | null {
  const tokens: Token[] = [];
  let at = 0;
  while (at < pattern.length) {
    const char = pattern[at] as string;
    if (char === '*') {
      at = readStars(pattern, at, tokens);
    } else if (char === '?') {
      tokens.push({ kind: 'any' });
      at += 1;
    } else if (char === '[') {
      const set = readSet(pattern, at + 1, fold);
      if (set === null) return null;
      tokens.push({ kind: 'set', members: set.members });
      at = set.end;
    } else {
      const code = pattern.charCodeAt(char === '\\' ? at + 1 : at);
      if (Number.isNaN(code)) return null;
      tokens.push({ kind: 'byte', code: fold ? lower(code) : code });
      at += char === '\\' ? 2 : 1;
    }
  }
  return { tokens };
}

/** Whether the whole of `text` from `from` on matches. */
export function matchGlob({ tokens }: Glob, text: string, from: number): boolean {
  let at = from;
  let next = 0;
  let star = -1;
  let starAt = 0;
  let directories = -1;
  let directoriesAt = 0;
  for (;;) {
    const token = tokens[next];
    if (token === undefined) {
      if (at === text.length) return true;
    } else if (token.kind === 'rest') {
      return true;
    } else if (token.kind === 'star') {
      star = next;
      starAt = at;
      next += 1;
      continue;
    } else if (token.kind === 'directories') {
      if (token.least === 1) at = text.indexOf('/', at) + 1;
      if (token.least === 1 && at === 0) return false;
      directories = next;
      directoriesAt = at;
      star = -1;
      next += 1;
      continue;
    } else if (at < text.length && matchByte(token, text.charCodeAt(at))) {
      at += 1;
      next += 1;
      continue;
    }
    // A mismatch: the last star takes one byte more of its segment, else the last `**` one directory more.
    if (star !== -1 && starAt < text.length && text.charCodeAt(starAt) !== SLASH) {
      starAt += 1;
      at = starAt;
      next = star + 1;
      continue;
    }
    star = -1;
    const slash = directories === -1 ? -1 : text.indexOf('/', directoriesAt);
    if (slash === -1) return false;
    directoriesAt = slash + 1;
    at = directoriesAt;
    next = directories + 1;
  }
}

/** False where no text that ends in the character can match. */
export function endsLike({ tokens }: Glob, char: string): boolean {
  const last = tokens[tokens.length - 1];
  if (last === undefined || last.kind === 'directories') return false;
  return last.kind === 'star' || last.kind === 'rest' || matchByte(last, char.charCodeAt(0));
}

function matchByte(token: Token, code: number): boolean {
  switch (token.kind) {
    case 'byte':
      return token.code === code;
    case 'any':
      return code !== SLASH;
    case 'set':
      return token.members[code] === 1;
    default:
      return false;
  }
}

function readStars(pattern: string, start: number, tokens: Token[]): number {
  let at = start + 1;
  while (pattern[at] === '*') at += 1;
  const opens = start === 0 || pattern[start - 1] === '/';
  const double = at - start > 1 && opens;
  if (double && at === pattern.length) {
    tokens.push({ kind: 'rest' });
  } else if (double && pattern[at] === '/') {
    tokens.push({ kind: 'directories', least: 0 });
    return at + 1;
  } else if (double && pattern.startsWith('\\/', at)) {
    tokens.push({ kind: 'directories', least: 1 });
    return at + 2;
  } else {
    tokens.push({ kind: 'star' });
  }
  return at;
}

const between = (low: string, high: string) => (code: number) =>
  code >= low.charCodeAt(0) && code <= high.charCodeAt(0);
const isDigit = between('0', '9');
const isUpper = between('A', 'Z');
const isLower = between('a', 'z');
const isAlpha = (code: number) => isUpper(code) || isLower(code);
const isGraph = between('!', '~');

/** ASCII alone, as git's own tables have it. */
const CLASSES: ReadonlyMap<string, (code: number) => boolean> = new Map([
  ['alnum', (code) => isAlpha(code) || isDigit(code)],
  ['alpha', isAlpha],
  ['blank', (code) => code === 32 || code === 9],
  ['cntrl', (code) => code < 32 || code === 127],
  ['digit', isDigit],
  ['graph', isGraph],
  ['lower', isLower],
  ['print', (code) => code === 32 || isGraph(code)],
  ['punct', (code) => isGraph(code) && !isAlpha(code) && !isDigit(code)],
  ['space', (code) => code === 32 || code === 9 || code === 10 || code === 13],
  ['upper', isUpper],
  ['xdigit', (code) => isDigit(code) || between('a', 'f')(code) || between('A', 'F')(code)],
]);

/** Reads a bracket expression from behind its `[`; null where it has no end or names an unknown class. */
function readSet(pattern: string, start: number, fold: boolean): { members: Uint8Array; end: number } | null {
  const members = new Uint8Array(256);
  let at = start;
  const negated = pattern[at] === '!' || pattern[at] === '^';
  if (negated) at += 1;
  let previous = -1;
  for (let first = true; first || pattern[at] !== ']'; first = false) {
    if (at >= pattern.length) return null;
    const name = pattern.startsWith('[:', at) ? classAt(pattern, at) : '';
    if (name === null) return null;
    if (name !== '') {
      const has = CLASSES.get(name);
      if (has === undefined) return null;
      for (let code = 0; code < 256; code += 1) if (has(code)) members[code] = 1;
      if (fold && name === 'upper') members.fill(1, 97, 123);
      at += name.length + 4;
      previous = -1;
      continue;
    }
    const range =
      pattern[at] === '-' && previous !== -1 && at + 1 < pattern.length && pattern[at + 1] !== ']';
    if (range) at += 1;
    if (pattern[at] === '\\') at += 1;
    const code = pattern.charCodeAt(at);
    if (Number.isNaN(code)) return null;
    if (range) addRange(members, previous, code, fold);
    else members[code] = 1;
    previous = range ? -1 : code;
    at += 1;
  }
  if (negated) for (let code = 0; code < 256; code += 1) members[code] = members[code] === 1 ? 0 : 1;
  members[SLASH] = 0;
  return { members, end: at + 1 };
}

/** The name in `[:name:]`; `''` where the text only looks like a class; null where no `]` follows. */
function classAt(pattern: string, at: number): string | null {
  const end = pattern.indexOf(']', at + 2);
  if (end === -1) return null;
  return end - 1 >= at + 2 && pattern[end - 1] === ':' ? pattern.slice(at + 2, end - 1) || '?' : '';
}

function addRange(members: Uint8Array, low: number, high: number, fold: boolean): void {
  for (let code = low; code <= high; code += 1) {
    members[code] = 1;
    if (fold) members[lower(code)] = 1;
  }
}

function lower(code: number): number {
  return isUpper(code) ? code + 32 : code;
}
