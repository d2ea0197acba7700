import { oneLine, printable } from '../util/printable.ts';

/** Stands where text would otherwise become a link, a mention or a reference; nothing is seen of it. */
const APART = '&#8203;';

/** Foreign text as Markdown that renders as that text: no markup, link, image, mention or reference comes of it. */
export function prose(text: string): string {
  const parts = oneLine(text).split('`');
  // What stands between a pair of backticks is code; without its partner one is a character like others.
  const paired = parts.length % 2 === 1;
  return parts
    .map((part, index) => (paired && index % 2 === 1 ? code(part) : escaped(part)))
    .join(paired ? '' : '\\`');
}

/** Foreign text as a code span. */
export function code(text: string): string {
  const shown = printable(text);
  if (shown.trim() === '') return escaped(shown);
  const fence = fenceAround(shown, 1);
  const pad = /^[`\s]|[`\s]$/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** Foreign text as a block of Rust code. */
export function codeBlock(text: string): string {
  const shown = text.split(/\r?\n/).map(printable).join('\n');
  const fence = fenceAround(shown, 3);
  return `${fence}rust\n${shown}\n${fence}`;
}

/** Foreign text within an HTML element, where Markdown is not read. */
export function html(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return unlinked(oneLine(text).replace(/[&<>"]/g, (character) => entities[character] ?? ''));
}

function escaped(text: string): string {
  return unlinked(text.replace(/[\\`*_[\]<>~|#!&]/g, '\\$&'));
}

function unlinked(text: string): string {
  return text
    .replace(/#(?=\d)/g, `#${APART}`)
    .replace(/@/g, `@${APART}`)
    .replace(/:(?=\/\/)/g, `:${APART}`)
    .replace(/\b(www)\./gi, `$1${APART}.`);
}

/** More backticks than stand in a row in the text, and at least so many. */
function fenceAround(text: string, least: number): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  return '`'.repeat(Math.max(least, longest + 1));
}
