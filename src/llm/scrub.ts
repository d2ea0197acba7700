/** What a key is replaced by. */
const SCRUBBED = '[REDACTED:api-key]';

/** Below this a key is a placeholder (`none`, `x`) and no secret: replacing it would spoil every text. */
const SHORTEST_KEY = 8;

/** Takes the API key out of a text, also where JSON spells its characters as `\u0041`. */
export type Scrub = (text: string) => string;

/** Servers echo keys in error bodies; nothing of an attempt may carry one. */
export function createScrub(key: string | null): Scrub {
  if (key === null || key.length < SHORTEST_KEY) return (text) => text;
  const pattern = new RegExp([...key].map(spellings).join(''), 'g');
  return (text) => text.replace(pattern, SCRUBBED);
}

const LONGEST_MESSAGE = 300;

/** One line that is safe to print and to log: no key, no control characters, at most 300 characters. */
export function messageLine(text: string, scrub: Scrub): string {
  // The key goes first: a cut might leave half of it.
  const line = scrub(text).replace(
    /[\u0000-\u0020\u007f-\u00a0\u200b-\u200f\u2028-\u202e\u2066-\u2069]+/g,
    ' ',
  );
  const trimmed = line.trim();
  return trimmed.length <= LONGEST_MESSAGE ? trimmed : `${trimmed.slice(0, LONGEST_MESSAGE - 1)}…`;
}

function spellings(character: string): string {
  const hex = (character.codePointAt(0) as number).toString(16).padStart(4, '0');
  const digits = [...hex].map((digit) => (/[a-f]/.test(digit) ? `[${digit}${digit.toUpperCase()}]` : digit));
  const escaped = character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return `(?:${escaped}|\\\\u${digits.join('')})`;
}
