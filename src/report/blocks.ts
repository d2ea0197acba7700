import type { Notice } from '../types/run.ts';
import { printable } from '../util/printable.ts';

/** Blocks of lines with an empty line between them, empty ones left out. Ends with a line break. */
export function joined(blocks: readonly (readonly string[])[]): string {
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** What else the user must know, one line each. */
export function noteLines(notices: readonly Notice[]): string[] {
  return notices.map(({ message }) => `note: ${printable(message)}`);
}
