import { isGenerated, isTestFile, isToBeRefused } from '../part.ts';
import { itemAt } from '../place.ts';
import type { FileCheck, Hit, LintFile } from '../rule.ts';
import { lineEnd, lineStart } from '../text.ts';

// Bidirectional controls; zero-width and invisible characters; tags; runs of variation selectors; C0 controls.
const HIDDEN =
  /[\u0000-\u0008\u000b\u000e-\u001f\u007f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]|[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{2,}/gu;
const ESCAPE = '\u001b';
const BACKSPACE = '\u0008';
const DELETE = '\u007f';
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const OVERRIDE = /[\u202a-\u202e\u2066-\u2069]/u;
/** Scripts in which joiners shape letters, and marks steer right-to-left words. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;
const EMOJI = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|\u20e3|[\u2640\u2642]/u;

/** One finding a line, at its first hidden character. */
export const hiddenHits: FileCheck = (file) => {
  const { text } = file;
  if (!mayHide(text) || isToBeRefused(file.path)) return [];
  const data = isGenerated(file.syntax);
  const hits: Hit[] = [];
  let line = -1;
  for (const match of text.matchAll(HIDDEN)) {
    const at = match.index;
    if (at < line || isLegitimate(text, at, match[0])) continue;
    if (!BIDI.test(match[0]) && (data || isNamed(text, at, match[0]) || isTestData(file, at))) continue;
    const end = text.indexOf('\n', at);
    line = end === -1 ? text.length : end;
    const literal = text.charAt(at - 1) === "'" && text.charAt(at + match[0].length) === "'";
    hits.push({ ...hit(at, match[0], text.slice(at, line)), ...(literal ? { severity: 'low' } : {}) });
  }
  return hits;
};

/** False for what most files are: ASCII without the controls that move a terminal's cursor. */
function mayHide(text: string): boolean {
  return (
    Buffer.byteLength(text) !== text.length ||
    text.includes(ESCAPE) ||
    text.includes(BACKSPACE) ||
    text.includes(DELETE)
  );
}

function isLegitimate(text: string, at: number, character: string): boolean {
  if (character === '\ufeff') return at === 0;
  if (character === '\u200d' || character === '\u200c') {
    const before = characterBefore(text, at);
    const after = characterAt(text, at + 1);
    if (character === '\u200d' && EMOJI.test(before) && EMOJI.test(after)) return true;
    return JOINING.test(before) || JOINING.test(after);
  }
  if (character === '\u200e' || character === '\u200f' || character === '\u061c') {
    return RIGHT_TO_LEFT.test(text.slice(Math.max(0, at - 24), at + 24));
  }
  // A flag: black flag, tags, cancel tag.
  if (
    character >= '\u{e0020}' &&
    /\u{1f3f4}[\u{e0020}-\u{e007e}]{0,8}$/u.test(text.slice(Math.max(0, at - 20), at))
  )
    return true;
  return false;
}

/** Whether the line says what it holds: `U+200C`, `\\u{200c}`, 8204. */
function isNamed(text: string, at: number, character: string): boolean {
  const code = character.codePointAt(0) as number;
  if (code < 0x80) return false;
  const line = text.slice(lineStart(text, at), lineEnd(text, at));
  return new RegExp(`[u{+x]0{0,4}${code.toString(16)}\\b|\\b${code}\\b`, 'i').test(line);
}

/** In a string of a test: what the tested code is given or should give. */
function isTestData({ items, sites, path, role }: LintFile, at: number): boolean {
  const test = isTestFile(path, role) || itemAt(items, at)?.test === true;
  return (
    test &&
    sites.some(({ kind, start, end }) => (kind === 'string' || kind === 'macro') && start < at && at < end)
  );
}

function characterBefore(text: string, at: number): string {
  const low = text.charCodeAt(at - 1);
  return low >= 0xdc00 && low <= 0xdfff ? text.slice(at - 2, at) : text.charAt(at - 1);
}

function characterAt(text: string, at: number): string {
  const point = text.codePointAt(at);
  return point === undefined ? '' : String.fromCodePoint(point);
}

function hit(at: number, character: string, rest: string): Hit {
  const code = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
  const control = (character.codePointAt(0) as number) < 0x80;
  const what = BIDI.test(character)
    ? 'bidirectional control'
    : control
      ? 'control character'
      : 'invisible character';
  return {
    rule: 'hidden-characters',
    start: at,
    end: at + character.length,
    ...(OVERRIDE.test(rest) ? {} : { severity: control ? ('low' as const) : ('medium' as const) }),
    title: `${what} U+${code}`,
    message: BIDI.test(character)
      ? 'The line may be shown in another order than the compiler reads it.'
      : 'The line holds something that neither an editor nor a review shows.',
    suggestion: 'Delete it; where the text needs it, write the escape (`\\u{…}`).',
  };
}
