/** What people wrote about code, and the code: what the model learns to bring together. */
import type { Chunk } from '../../src/search/chunks.ts';
import { firstSentence } from '../eval-search/sentence.ts';

export interface Pair {
  /** What it is made of: an item's documentation, a comment in a function, documentation at the head of a file. */
  readonly kind: 'doc' | 'comment' | 'module';
  /** As somebody would ask: the first sentence, and the whole first paragraph. */
  readonly sentence: string;
  readonly paragraph: string;
  /** The item's documentation less the sentence, and less the paragraph. */
  readonly docAfterSentence: string;
  readonly docAfterParagraph: string;
  /** Within the package. */
  readonly file: string;
  /** Within the file, `::`-joined. */
  readonly path: string;
  readonly signature: string;
  /** Without the comment that asks. */
  readonly code: string;
}

/** Comments taken of one function at most: neighbours say much the same. */
const COMMENTS = 2;
const FEWEST_COMMENT_WORDS = 5;
/** Module documentation stands at the head of a file, before everything else in it. */
const HEAD_LINES = 20;
/** Lines of `//` that follow one another; documentation and commented-out code apart. */
const COMMENT = /^[ \t]*\/\/(?![/!]).*(?:\n[ \t]*\/\/(?![/!]).*)*/gm;
const CODE_LIKE =
  /[;{}=]\s*$|^\s*(?:let|fn|use|if|for)\b.*[({;]|https?:\/\/|TODO|FIXME|XXX|SPDX|Copyright|eslint|rustfmt/m;

/** The pairs of a file's chunks; test code gives none. */
export function pairsOf(file: string, chunks: readonly Chunk[]): Pair[] {
  const items = chunks.filter(({ test, kind }) => !test && kind !== 'rest');
  const parts = items.flatMap((chunk) => [...docPart(chunk), ...commentParts(chunk)]);
  return [...parts, ...modulePart(chunks, items)].map((part) => ({ ...part, file }));
}

type Part = Omit<Pair, 'file'>;

function docPart({ doc, path, signature, code }: Chunk): Part[] {
  const about = aboutOf(doc);
  return about === null ? [] : [{ kind: 'doc', ...about, path, signature, code }];
}

/** What the head of a file says is to find what is in it: here its longest item. */
function modulePart(chunks: readonly Chunk[], items: readonly Chunk[]): Part[] {
  const head = chunks.find(({ kind, startLine }) => kind === 'rest' && startLine <= HEAD_LINES);
  const about = aboutOf(head?.doc ?? '');
  const [longest] = [...items].sort((a, b) => b.code.length - a.code.length);
  if (about === null || longest === undefined) return [];
  const { doc, path, signature, code } = longest;
  const rest = { docAfterSentence: doc, docAfterParagraph: doc };
  return [{ kind: 'module', ...about, ...rest, path, signature, code }];
}

/** Documentation as a question, and what is left of it. Null where it is no sentence to ask by. */
function aboutOf(
  doc: string,
): Pick<Pair, 'sentence' | 'paragraph' | 'docAfterSentence' | 'docAfterParagraph'> | null {
  const sentence = firstSentence(doc);
  if (sentence === null) return null;
  const [paragraph = '', ...others] = doc.trim().split(/\n\s*\n/);
  const docAfterParagraph = others.join('\n');
  const end = /[.!?:](?=\s)/.exec(paragraph);
  const rest = end === null ? '' : paragraph.slice(end.index + 1);
  const docAfterSentence = `${rest}\n${docAfterParagraph}`.trim();
  return { sentence, paragraph, docAfterSentence, docAfterParagraph };
}

function commentParts({ kind, doc, path, signature, code }: Chunk): Part[] {
  if (kind !== 'fn') return [];
  const comments = [...code.matchAll(COMMENT)]
    .map(([comment]) => ({ comment, text: plain(comment) }))
    .filter(({ text }) => text.split(' ').length >= FEWEST_COMMENT_WORDS && !CODE_LIKE.test(text))
    .sort((a, b) => b.text.length - a.text.length)
    .slice(0, COMMENTS);
  return comments.flatMap(({ comment, text }): Part[] => {
    const sentence = firstSentence(text);
    if (sentence === null) return [];
    const rest = { docAfterSentence: doc, docAfterParagraph: doc };
    return [
      {
        kind: 'comment',
        sentence,
        paragraph: text,
        ...rest,
        path,
        signature,
        code: code.replace(comment, ''),
      },
    ];
  });
}

function plain(comment: string): string {
  return comment
    .replace(/^[ \t]*\/\/+/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}
