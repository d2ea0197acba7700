const FEWEST_WORDS = 4;
const MOST_CHARACTERS = 200;

/** The first sentence of a documentation text as plain prose; null where it is no sentence to search by. */
export function firstSentence(doc: string): string | null {
  const paragraph = doc.trim().split(/\n\s*\n/, 1)[0] as string;
  if (/^\s*(?:#|```|\||[-*] |<|!\[|\[!|\[`)/.test(paragraph)) return null;
  const plain = paragraph
    .replace(/\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?/g, '$1')
    .replace(/\b([ei])\.([ge])\./g, '$1$2')
    .replace(/[`*]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  const sentence = /^.*?[.!?:](?= |$)/.exec(plain)?.[0] ?? plain;
  const words = sentence.split(' ').length;
  return words < FEWEST_WORDS || sentence.length > MOST_CHARACTERS ? null : sentence;
}
