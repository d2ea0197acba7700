import { describeOrigin } from './origin.ts';
import type { Origin } from './origin.ts';

/** Something that cannot be taken as it stands. `about` reads on from `file:line: ` or `NAME `. */
export interface Problem {
  readonly origin: Origin;
  readonly about: string;
  /** A name that nobody knows, and those that it could have meant. */
  readonly unknown?: { readonly name: string; readonly known: readonly string[] };
}

/** How many problems or notices of one source are spelled out; a hostile file could hold thousands. */
const SHOWN = 20;

/**
 * One line each, in the order of the lines. What comes from a file passes through `shown`: it may hold
 * escape sequences meant for the terminal.
 */
export async function describeProblems(problems: readonly Problem[]): Promise<readonly string[]> {
  const sorted = [...problems].sort((a, b) => lineOf(a) - lineOf(b));
  const lines: string[] = [];
  for (const problem of sorted.slice(0, SHOWN)) lines.push(await describeProblem(problem));
  if (sorted.length > SHOWN) lines.push(`and ${sorted.length - SHOWN} more of this kind`);
  return lines;
}

async function describeProblem({ origin, about, unknown }: Problem): Promise<string> {
  const where = describeOrigin(origin);
  const near = unknown === undefined ? null : await nearest(unknown.name, unknown.known);
  const separator = origin.kind === 'user' || origin.kind === 'repository' ? ': ' : ' ';
  return `${where}${separator}${about}${near === null ? '' : `; did you mean ${JSON.stringify(near)}?`}`;
}

/** A value from outside, quoted, cut to 60 characters, without control, format or unassigned characters. */
export function shown(value: unknown): string {
  const whole =
    typeof value === 'string'
      ? JSON.stringify(value)
      : typeof value === 'object'
        ? 'a table, list or date'
        : String(value);
  const clean = whole.replace(/\p{C}/gu, '�');
  return clean.length <= 60 ? clean : `${clean.slice(0, 57)}…${clean.startsWith('"') ? '"' : ''}`;
}

/**
 * The known name that differs in the fewest letters, or null where none is close. A name without a
 * section is compared with the last part of the known names. The library is loaded here and nowhere
 * else, so that a run without a mistake does not pay for it.
 */
async function nearest(name: string, known: readonly string[]): Promise<string | null> {
  if (name.length > 100) return null;
  const { distance } = await import('fastest-levenshtein');
  const wanted = name.toLowerCase();
  const short = (candidate: string) =>
    wanted.includes('.') ? candidate : candidate.slice(candidate.indexOf('.') + 1);
  let best: string | null = null;
  let least = Math.max(2, Math.floor(wanted.length / 4)) + 1;
  for (const candidate of known) {
    const far = Math.min(
      distance(wanted, candidate.toLowerCase()),
      distance(wanted, short(candidate).toLowerCase()),
    );
    if (far < least) [best, least] = [candidate, far];
  }
  return best;
}

function lineOf({ origin }: Problem): number {
  return origin.kind === 'user' || origin.kind === 'repository'
    ? (origin.line ?? 0)
    : Number.MAX_SAFE_INTEGER;
}
