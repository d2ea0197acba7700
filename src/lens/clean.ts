// Escape sequences of a terminal: CSI with its parameters, OSC up to its end, two-character ones.

const ESCAPE =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -~]?/g;
// Controls but tab and line feed; separators, bidirectional and zero-width characters; halves of surrogate pairs.
const CONTROL =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;

/** Text from outside that will be printed: nothing in it moves a cursor or turns reading order; at most `limit` characters. */
export function cleaned(text: string, limit: number): string {
  return clipped(stripped(text, limit).trim(), limit);
}

/** The same on one line. */
export function cleanedLine(text: string, limit: number): string {
  return clipped(stripped(text, limit).replace(/\s+/g, ' ').trim(), limit);
}

function stripped(text: string, limit: number): string {
  return text
    .slice(0, limit * 2)
    .replace(ESCAPE, '')
    .replace(CONTROL, '');
}

/** Shortened to `limit`, an ellipsis as the last character; no pair of surrogates is cut. */
function clipped(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/\p{Surrogate}$/u, '')}…`;
}
