import { printable, printableLines } from '../util/printable.ts';

/** A piece of code for a reader who sees nothing else. */
export interface Piece {
  /** As the reader is to know it. */
  readonly file: string;
  readonly module: string;
  /** 1-based, of the text's first line. */
  readonly line: number;
  /** Heads of the blocks around it, the outermost first: `impl Pool`. */
  readonly blocks: readonly string[];
  /** Imports that it mentions, `use std::sync::Mutex;`. */
  readonly imports: readonly string[];
  readonly text: string;
  /** What is shown where the whole has no room; `''` where nothing of it is of use. */
  readonly signature: string;
}

/** How much of a piece is shown. */
export type Shown = 'whole' | 'signature' | 'nothing';

export interface Pack {
  readonly text: string;
  readonly tokens: number;
  /** By piece. */
  readonly shown: readonly Shown[];
}

/**
 * Fills a budget with pieces, in their order: the whole of one where it fits, else its signature, else nothing. The
 * text has each file once, is safe to print, and never has more tokens than the budget.
 */
export function fillPack(pieces: readonly Piece[], budget: number, count: (text: string) => number): Pack {
  const shown: Shown[] = pieces.map(() => 'nothing');
  let best = { text: '', tokens: 0 };
  for (const at of pieces.keys()) {
    for (const wanted of ['whole', 'signature'] as const) {
      if (wanted === 'signature' && pieces[at]?.signature === '') break;
      shown[at] = wanted;
      const text = printableLines(render(pieces, shown));
      const tokens = count(text);
      if (tokens <= budget) {
        best = { text, tokens };
        break;
      }
      shown[at] = 'nothing';
    }
  }
  return { ...best, shown };
}

function render(pieces: readonly Piece[], shown: readonly Shown[]): string {
  const byFile = new Map<string, { readonly piece: Piece; readonly how: Shown }[]>();
  pieces.forEach((piece, at) => {
    const how = shown[at] ?? 'nothing';
    if (how !== 'nothing') byFile.set(piece.file, [...(byFile.get(piece.file) ?? []), { piece, how }]);
  });
  return [...byFile.values()].map(renderFile).join('\n');
}

function renderFile(parts: readonly { readonly piece: Piece; readonly how: Shown }[]): string {
  const [first] = parts;
  if (first === undefined) return '';
  const { file, module } = first.piece;
  const imports = [...new Set(parts.flatMap(({ piece }) => piece.imports))].sort();
  const lines = [`// file: ${printable(file)}${module === '' ? '' : `, module ${module}`}`, ...imports];
  let open: readonly string[] = [];
  for (const { piece, how } of [...parts].sort((a, b) => a.piece.line - b.piece.line)) {
    const same = open.join('\n') === piece.blocks.join('\n');
    if (!same) {
      lines.push(...open.map(() => '}'), ...piece.blocks.map((head) => `${head} {`));
      open = piece.blocks;
    }
    lines.push(`// line ${piece.line}`, how === 'whole' ? piece.text : piece.signature);
  }
  return `${[...lines, ...open.map(() => '}')].join('\n')}\n`;
}
