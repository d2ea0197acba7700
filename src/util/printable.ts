// C0 and C1 controls, line and paragraph separators, bidirectional controls and zero-width characters:
// what could move a terminal's cursor or make a line read otherwise than it is.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** One line of text from a repository or a model, safe to print: what a terminal would obey stands as `\u{…}`. */
export function printable(text: string): string {
  return text
    .replaceAll('\t', ' ')
    .replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Text of several lines as one that is safe to print: what `printable` would show of a line break is no help to a reader. */
export function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim());
}

/** A value as JSON on one line that is safe to print: the same value to whoever reads it as JSON. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Shortened to `width` characters, an ellipsis as the last. */
export function clipped(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
