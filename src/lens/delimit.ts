/** The elements of a request. */
type Element = 'file' | 'context' | 'item';

// A tag of ours as code could spell it, behind any number of backslashes: closing ones in any spelling,
// opening ones in lower case alone, so that `Vec<Item>` and `Iterator<Item = T>` stay as they are.
const TAG = String.raw`(?=\\*(?:/\s*(?:[Ff][Ii][Ll][Ee]|[Cc][Oo][Nn][Tt][Ee][Xx][Tt]|[Ii][Tt][Ee][Mm])|(?:file|context|item)\b))`;

/** Text that cannot open or close an element: each tag in it gets a backslash behind its `<`. */
export function escaped(text: string): string {
  return text.replace(new RegExp(`<${TAG}`, 'g'), '<\\');
}

/** Undoes `escaped`; also on a part of an escaped text that begins and ends outside of a tag. */
export function unescaped(text: string): string {
  return text.replace(new RegExp(String.raw`<\\${TAG}`, 'g'), '<');
}

/** `<item id="1">`, content on lines of its own, `</item>`. */
export function element(name: Element, content: string, attributes = ''): string {
  return `<${name}${attributes}>\n${content}${content.endsWith('\n') ? '' : '\n'}</${name}>\n`;
}
