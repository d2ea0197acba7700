/** A piece of code as the model saw it. */
export interface ShownPiece {
  readonly root: string;
  /** Relative to the root. */
  readonly path: string;
  /** 1-based, of the text's first line. */
  readonly line: number;
  readonly text: string;
}

export interface Citation {
  /** As the answer numbers it. */
  readonly number: number;
  readonly root: string;
  readonly path: string;
  /** 1-based, computed here. */
  readonly line: number;
  readonly quote: string;
}

/** A quote of less says nothing. */
const LEAST = 6;

/**
 * The citations whose quote stands, white space apart, in a piece that was shown of that file; the line is where the
 * quote begins.
 */
export function checkedCitations(
  cited: readonly { readonly path: string; readonly quote: string }[],
  shown: readonly ShownPiece[],
): Citation[] {
  return cited.flatMap(({ path, quote }, at) => {
    const wanted = squeezed(quote);
    if (wanted.length < LEAST) return [];
    for (const piece of shown) {
      const line = piece.path === path ? lineOf(piece, wanted) : null;
      if (line !== null) return [{ number: at + 1, root: piece.root, path, line, quote: quote.trim() }];
    }
    return [];
  });
}

function lineOf({ text, line }: ShownPiece, wanted: string): number | null {
  const lines = text.split('\n');
  if (!squeezed(text).includes(wanted)) return null;
  // A quote of several lines begins on the last line from which on it is still there.
  let at = 0;
  while (squeezed(lines.slice(at + 1).join('\n')).includes(wanted)) at += 1;
  return line + at;
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, '');
}
