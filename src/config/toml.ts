import { messageOf } from '../errors.ts';
import type { Given } from './layer.ts';
import type { Origin } from './origin.ts';
import { shown } from './problem.ts';
import type { Problem } from './problem.ts';
import { KEYS, SECTIONS } from './keys.ts';

export interface Parsed {
  readonly given: readonly Given[];
  readonly problems: readonly Problem[];
}

/**
 * The keys of one TOML text, each with its line. A text that is no TOML gives one problem and no keys.
 * `at` makes the origin of a line.
 */
export async function parseToml(text: string, at: (line: number | null) => Origin): Promise<Parsed> {
  // Loaded here alone: most homes have no file, and those pay nothing for the parser.
  const { parse, TomlError } = await import('smol-toml');
  let document: Readonly<Record<string, unknown>>;
  try {
    // Too large an integer is then a bad value of its key like any other.
    document = parse(text, { integersAsBigInt: 'asNeeded', maxDepth: 50 });
  } catch (error) {
    const line = error instanceof TomlError ? error.line : null;
    // The rest of the message shows the lines around, and one of them may hold a key.
    const reason = (messageOf(error).split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '');
    const column = error instanceof TomlError ? ` (column ${error.column})` : '';
    return { given: [], problems: [{ origin: at(line), about: `not valid TOML: ${reason}${column}` }] };
  }
  return flatten(document, linesOf(text), at);
}

function flatten(
  document: Readonly<Record<string, unknown>>,
  lines: ReadonlyMap<string, number>,
  at: (line: number | null) => Origin,
): Parsed {
  const given: Given[] = [];
  const problems: Problem[] = [];
  for (const [section, content] of Object.entries(document)) {
    const origin = at(lines.get(section) ?? null);
    if (!isTable(content)) {
      problems.push(
        SECTIONS.includes(section)
          ? { origin, about: `${section} must be a section of its own: [${section}]` }
          : {
              origin,
              about: `unknown key ${shown(section)}`,
              unknown: { name: section, known: Object.keys(KEYS) },
            },
      );
      continue;
    }
    if (!SECTIONS.includes(section)) {
      problems.push({
        origin,
        about: `unknown section ${shown(section)}`,
        unknown: { name: section, known: SECTIONS },
      });
      continue;
    }
    for (const [name, value] of Object.entries(content)) {
      const key = `${section}.${name}`;
      given.push({ key, value, origin: at(lines.get(key) ?? lines.get(section) ?? null) });
    }
  }
  return { given, problems };
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.getPrototypeOf(value) === null || Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * The 1-based line of every `section` and `section.key`, by a look at how each line begins: the parser
 * tells places for syntax errors alone. Made for messages: an exotic spelling (a key with escapes in
 * it, a second key on the line of an inline table) is given its section's line or none, never another
 * value.
 */
function linesOf(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const note = (name: string, line: number) => void (found.has(name) || found.set(name, line));
  let section = '';
  let fence: string | null = null;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (fence === null) {
      // Neither pattern can backtrack: the text may come from a hostile repository.
      const header = /^\s*\[([^[\]=]+)\]/.exec(line)?.[1];
      const key = /^\s*([\w"'][\w."' \t-]*)=/.exec(line)?.[1];
      if (header !== undefined) note((section = plain(header)), index + 1);
      if (key !== undefined) {
        const name = section === '' ? plain(key) : `${section}.${plain(key)}`;
        note(name, index + 1);
        if (section === '') note(name.split('.')[0] ?? name, index + 1);
      }
    }
    fence = fenceAfter(line, fence);
  }
  return found;
}

/** The marks of the multi-line string that is still open at the end of a line, or null. */
function fenceAfter(line: string, open: string | null): string | null {
  let fence = open;
  for (const [mark] of line.matchAll(/"""|'''/g)) {
    if (fence === null) fence = mark;
    else if (fence === mark) fence = null;
  }
  return fence;
}

function plain(dotted: string): string {
  return dotted.replace(/[ \t"']/g, '');
}
