import type { Diagnostic } from '../types/syntax.ts';
import { longestLine } from './generated.ts';
import { A } from './kinds.ts';
import type { NodeTable } from './table.ts';

const LONG_LINE = 200_000;
/** An error wider than this says nothing of where it is. */
const WIDE = 200;

const CLOSERS: Readonly<Record<number, string>> = { [A['(']]: ')', [A['[']]: ']', [A['{']]: '}' };
const OPENERS: Readonly<Record<number, number>> = { [A[')']]: A['('], [A[']']]: A['['], [A['}']]: A['{'] };

/** Flags a line so long that tools choke on it. */
export function lineDiagnostics(text: string): Diagnostic[] {
  const line = longestLine(text, LONG_LINE);
  return line === null
    ? []
    : [{ kind: 'long-line', message: `a line of over ${LONG_LINE} characters`, ...line }];
}

/** Puts the first wide error where its likely cause is: at a delimiter without its partner. */
export function sharpen(found: readonly Diagnostic[], table: NodeTable, text: string): readonly Diagnostic[] {
  const wide = found.findIndex(({ kind, start, end }) => kind === 'syntax-error' && end - start > WIDE);
  const at = wide === -1 ? null : lonelyDelimiter(table);
  if (at === null) return found;
  const written = text[at] as string;
  const message = '([{'.includes(written)
    ? `\`${written}\` is never closed`
    : `\`${written}\` closes nothing`;
  return found.map((diagnostic, index) =>
    index === wide ? { kind: 'syntax-error', message, start: at, end: at + 1 } : diagnostic,
  );
}

/** Offset of a delimiter that closes nothing, or of the last one never closed; null where all is in order. */
function lonelyDelimiter({ kind, start, count }: NodeTable): number | null {
  const open: number[] = [];
  for (let node = 0; node < count; node += 1) {
    const code = kind[node] as number;
    if (CLOSERS[code] !== undefined) open.push(node);
    const opener = OPENERS[code];
    if (opener === undefined) continue;
    const last = open.pop();
    if (last === undefined) return start[node] as number;
    if (kind[last] !== opener) return start[last] as number;
  }
  const last = open.pop();
  return last === undefined ? null : (start[last] as number);
}
