// Controls, line and paragraph separators, halves of surrogate pairs, and what Unicode says is not seen (zero-width and
// bidirectional characters, tags, variation selectors, fillers; UAX #44): what could move a terminal's cursor or make a line
// read otherwise than it is.
const UNPRINTABLE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;
/** A symbol with the selector that makes a picture of it: that one is seen. */
const PICTURE = /\p{Extended_Pictographic}$/u;

function escaped(text: string, escape: (character: string) => string): string {
  return text.replace(UNPRINTABLE, (character, at: number) =>
    character === '\ufe0f' && PICTURE.test(text.slice(Math.max(0, at - 2), at))
      ? character
      : escape(character),
  );
}

/** One line of text from a repository or a model, safe to print: what a terminal would obey stands as `\u{…}`. */
export function printable(text: string): string {
  return escaped(text.replaceAll('\t', ' '), (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Text of several lines, each of them safe to print; line breaks become one kind, tabs stay. */
export function printableLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.split('\t').map(printable).join('\t'))
    .join('\n');
}

/** Text of several lines as one that is safe to print: what `printable` would show of a line break is no help to a reader. */
export function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim());
}

/** A value as JSON on one line that is safe to print: the same value to whoever reads it as JSON. */
export function printableJson(value: unknown): string {
  return escaped(JSON.stringify(value), (character) =>
    character
      .split('')
      .map((half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** Shortened to `width` characters, an ellipsis as the last. */
export function clipped(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
