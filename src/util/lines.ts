import type { Position } from '../types/source.ts';

/** Line and column look-ups for one text. */
export interface LineIndex {
  /** Number of lines; a final line break does not open another. */
  readonly count: number;
  /** 1-based line of a UTF-16 offset. */
  line(offset: number): number;
  /** Both ends of a range; columns count Unicode code points, 1-based, the end exclusive. */
  position(start: number, end: number): Position;
}

/** Lines end at `\n`; a `\r` before it belongs to the line. */
export function lineIndex(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const last = starts[starts.length - 1] as number;
  const count = last === text.length ? starts.length - 1 : starts.length;

  function line(offset: number): number {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }
  // Where the last count ended: positions asked in order cost a long line once, not once each.
  let counted = { from: 0, at: 0, points: 1 };
  function column(offset: number): number {
    const from = starts[line(offset) - 1] as number;
    const resumed = counted.from === from && counted.at <= offset;
    let at = resumed ? counted.at : from;
    let points = resumed ? counted.points : 1;
    for (; at < offset; points += 1) at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
    counted = { from, at, points };
    return points;
  }
  return {
    count,
    line,
    position: (start, end) => ({
      startLine: line(start),
      startColumn: column(start),
      endLine: line(end),
      endColumn: column(end),
    }),
  };
}
