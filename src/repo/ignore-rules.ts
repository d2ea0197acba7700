import type { Glob } from './glob.ts';
import { compileGlob, endsLike, matchGlob } from './glob.ts';

/**
 * Patterns of `.gitignore` files as git reads them (gitignore(5)). Paths and patterns are latin1 strings,
 * one character per byte; see `glob.ts`.
 *
 * Own code, because the library at hand answers for one file by asking for its parent directories too:
 * where a deeper file re-includes a directory, everything in it stayed ignored, which is not what git says;
 * and nested `**` took it 13 s on one path.
 */
export interface Rules {
  /** All patterns, for directories and links. */
  readonly all: Level | null;
  /** Those that can match a file `*.rs`: mostly none, and then a file costs nothing. */
  readonly rust: Level | null;
}

/** The patterns of one file, linked to the next weaker ones that are in reach. */
interface Level {
  readonly patterns: readonly Pattern[];
  /** Length of the directory's path with its final slash: what patterns match begins there. */
  readonly base: number;
  readonly weaker: Level | null;
}

interface Pattern {
  readonly kind: 'name' | 'suffix' | 'name-glob' | 'top-name' | 'path';
  readonly negative: boolean;
  readonly directoryOnly: boolean;
  /** The name, the suffix, or the path up to its first special character. */
  readonly literal: string;
  /** What follows `literal`; null where nothing does. */
  readonly glob: Glob | null;
}

export const NO_RULES: Rules = { all: null, rust: null };

const SPECIAL = /[*?[\\]/;

/**
 * Puts a file's patterns over weaker ones. `text`: its bytes as latin1; `base`: length of its directory's
 * path, final slash included. With `fold`, paths must come in ASCII lower case.
 */
export function addRules(
  weaker: Rules,
  text: string,
  base: number,
  { fold }: { readonly fold: boolean },
): Rules {
  const patterns: Pattern[] = [];
  for (const raw of text.replace(/^\xef\xbb\xbf/, '').split('\n')) {
    if (raw === '' || raw.startsWith('#')) continue;
    const pattern = parsePattern(trimLine(raw), fold);
    if (pattern !== null) patterns.push(pattern);
  }
  const rust = patterns.filter(canMatchRust);
  return {
    all: patterns.length === 0 ? weaker.all : { patterns, base, weaker: weaker.all },
    rust: rust.length === 0 ? weaker.rust : { patterns: rust, base, weaker: weaker.rust },
  };
}

/** What the strongest matching pattern says; null where none matches. `directory`: ends in a slash or is empty. */
export function decide(
  rules: Rules,
  directory: string,
  name: string,
  kind: 'directory' | 'link' | 'rust',
): 'ignored' | 'included' | null {
  for (let level = kind === 'rust' ? rules.rust : rules.all; level !== null; level = level.weaker) {
    const { patterns, base } = level;
    for (let at = patterns.length - 1; at >= 0; at -= 1) {
      const pattern = patterns[at] as Pattern;
      if (pattern.directoryOnly && kind !== 'directory') continue;
      if (matches(pattern, base, directory, name)) return pattern.negative ? 'included' : 'ignored';
    }
  }
  return null;
}

/** ASCII alone, as git folds names. */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function matches(pattern: Pattern, base: number, directory: string, name: string): boolean {
  switch (pattern.kind) {
    case 'name':
      return name === pattern.literal;
    case 'suffix':
      return name.endsWith(pattern.literal);
    case 'name-glob':
      return pattern.glob !== null && matchGlob(pattern.glob, name, 0);
    case 'top-name':
      return name === pattern.literal && directory.length === base;
    case 'path': {
      const path = directory + name;
      const end = base + pattern.literal.length;
      if (!path.startsWith(pattern.literal, base)) return false;
      return pattern.glob === null ? end === path.length : matchGlob(pattern.glob, path, end);
    }
  }
}

function canMatchRust({ kind, directoryOnly, literal, glob }: Pattern): boolean {
  if (directoryOnly) return false;
  if (glob !== null) return endsLike(glob, 's');
  return literal.endsWith('.rs') || (kind === 'suffix' && '.rs'.endsWith(literal));
}

/** One `\r`, then the spaces that no backslash protects; git reads C strings, so a NUL ends the line. */
function trimLine(raw: string): string {
  const line = (raw.endsWith('\r') ? raw.slice(0, -1) : raw).replace(/\0.*$/s, '');
  let end = line.length;
  while (line[end - 1] === ' ') end -= 1;
  let slashes = 0;
  while (line[end - 1 - slashes] === '\\') slashes += 1;
  return slashes % 2 === 1 && end < line.length ? line.slice(0, end + 1) : line.slice(0, end);
}

function parsePattern(line: string, fold: boolean): Pattern | null {
  const negative = line.startsWith('!');
  let body = negative ? line.slice(1) : line;
  const directoryOnly = body.endsWith('/');
  if (directoryOnly) body = body.slice(0, -1);
  // The name at any depth, as without a slash.
  body = body.replace(/^\*\*\/(?=[^/]+$)/, '');
  if (body === '') return null;
  const common = { negative, directoryOnly };
  const slash = body.indexOf('/');
  const special = body.search(SPECIAL);
  if (special === -1) {
    const kind = slash === -1 ? 'name' : slash === 0 && body.lastIndexOf('/') === 0 ? 'top-name' : 'path';
    return { ...common, kind, literal: cased(body.slice(slash === 0 ? 1 : 0), fold), glob: null };
  }
  if (slash === -1 && body.startsWith('*') && !SPECIAL.test(body.slice(1)))
    return { ...common, kind: 'suffix', literal: cased(body.slice(1), fold), glob: null };
  // Git compares what stands before the first special character by itself, and reads the rest as a pattern
  // of its own: so `a/b**/c` goes on, after `a/b`, with a `**` that spans directories.
  const start = slash === -1 ? 0 : special;
  const glob = compileGlob(body.slice(start), { fold });
  if (glob === null) return null;
  const literal = cased(body.slice(slash === 0 ? 1 : 0, start), fold);
  return { ...common, kind: slash === -1 ? 'name-glob' : 'path', literal, glob };
}

function cased(text: string, fold: boolean): string {
  return fold ? foldCase(text) : text;
}
