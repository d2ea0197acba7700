import type { SyntaxFile } from '../types/syntax.ts';
import { sha256 } from '../util/hash.ts';
import { lineIndex } from '../util/lines.ts';

/** A file cut up to be compared with another version of it; how its lines end plays no part. */
export interface Pieces {
  readonly units: readonly Piece[];
  /** The lines between the units that are not empty, without the white space around them. */
  readonly rest: readonly { readonly line: number; readonly text: string }[];
}

/** A unit; lines are 1-based, those of its first and its last byte. */
export interface Piece {
  readonly hash: string;
  readonly startLine: number;
  readonly endLine: number;
}

export function piecesOf({ text, items, rest }: SyntaxFile): Pieces {
  const lines = lineIndex(text);
  const units = items
    .filter(({ unit }) => unit)
    .map(({ start, end }) => ({
      hash: sha256(text.slice(start, end).replaceAll('\r\n', '\n')),
      startLine: lines.line(start),
      endLine: lines.line(Math.max(start, end - 1)),
    }));
  const between = rest.flatMap(({ start, end }) => {
    const first = lines.line(start);
    const trimmed = text.slice(start, end).split('\n');
    return trimmed.map((line, at) => ({ line: first + at, text: line.trim() }));
  });
  return { units, rest: between.filter((line) => line.text !== '') };
}
