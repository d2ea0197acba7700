import { nearest } from '../util/nearest.ts';
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
  const near = unknown === undefined ? null : await meant(unknown.name, unknown.known);
  const separator = origin.kind === 'user' || origin.kind === 'repository' ? ': ' : ' ';
  return `${where}${separator}${about}${near === null ? '' : `; did you mean ${JSON.stringify(near)}?`}`;
}

/** Null where none is close. */
async function meant(name: string, known: readonly string[]): Promise<string | null> {
  const near = await nearest(name, known);
  return near !== null && near.distance <= Math.max(2, Math.floor(name.length / 4)) ? near.name : null;
}

/** A value from outside, quoted, cut to 60 characters, without control, format or unassigned characters. */
export function shown(value: unknown): string {
  const whole =
    typeof value === 'string'
      ? JSON.stringify(value)
      : Array.isArray(value)
        ? JSON.stringify(value)
        : typeof value === 'object'
          ? 'a table or date'
          : String(value);
  const clean = whole.replace(/\p{C}/gu, '�');
  return clean.length <= 60 ? clean : `${clean.slice(0, 57)}…${clean.startsWith('"') ? '"' : ''}`;
}

function lineOf({ origin }: Problem): number {
  return origin.kind === 'user' || origin.kind === 'repository'
    ? (origin.line ?? 0)
    : Number.MAX_SAFE_INTEGER;
}
