import type { Embedder, Passage } from '../../embed/embedder.ts';
import type { Chunk } from '../../search/chunks.ts';
import { chunksOf } from '../../search/chunks.ts';
import { embeddedText } from '../../search/embedded-text.ts';
import type { FieldTerms, FieldText } from '../../search/fields.ts';
import { fieldTerms, FIELDS } from '../../search/fields.ts';
import { isTesting } from '../../search/testing.ts';
import type { Splitter } from '../../search/words.ts';
import type { FileToIndex } from '../../store/chunks.ts';
import type { SyntaxFile } from '../../types/syntax.ts';
import { sha256 } from '../../util/hash.ts';
import type { SourceText } from '../facts.ts';

/** A chunk as a model is shown it. */
export interface ChunkPassage {
  /** sha256 of what is embedded. */
  readonly hash: string;
  readonly passage: Passage;
  /** Null where it was not embedded on the way. */
  readonly vector: Float32Array | null;
}

/** What one file brings into the search index. */
export interface Chunked {
  readonly file: FileToIndex;
  /** Of its chunks; none where no embedder was given. */
  readonly passages: readonly ChunkPassage[];
}

/**
 * A file as it goes into the search index. Generated code brings nothing: it would bury what people wrote.
 */
export async function chunkedFile(
  syntax: SyntaxFile,
  split: Splitter,
  { path, role, bytes }: SourceText,
  embedder: Embedder | null,
): Promise<Chunked> {
  const contentHash = sha256(bytes);
  const found = syntax.generated ? [] : chunksOf(syntax);
  const testing = isTesting(path, role);
  const terms = found.map((chunk) => fieldTerms(split, path, chunk));
  const file = {
    path,
    contentHash,
    chunks: found.map((chunk, at) => {
      const {
        kind,
        name,
        path: itemPath,
        signature,
        visibility,
        test,
        firstLine,
        startLine,
        endLine,
      } = chunk;
      const head = { kind, name, path: itemPath, signature, visibility, firstLine, startLine, endLine };
      return {
        ...head,
        test: test || testing,
        hash: sha256(embeddedText(chunk)),
        words: joined(terms[at] as FieldTerms),
      };
    }),
  };
  return { file, passages: embedder === null ? [] : await embedded(path, found, embedder) };
}

function joined(terms: FieldTerms): FieldText {
  const entries = FIELDS.map((field) => [field, terms[field].join(' ')]);
  return Object.fromEntries(entries) as FieldText;
}

/** The chunks of a file as they are embedded; by the embedder, where one is given. */
export function passagesOf(
  syntax: SyntaxFile,
  path: string,
  embedder: Embedder | null,
): Promise<ChunkPassage[]> {
  return embedded(path, chunksOf(syntax), embedder);
}

async function embedded(
  file: string,
  chunks: readonly Chunk[],
  embedder: Embedder | null,
): Promise<ChunkPassage[]> {
  const passages = chunks.map(({ kind, path, signature, doc, code }): Passage => ({
    file,
    kind,
    path,
    signature,
    doc,
    code,
  }));
  const vectors = await embedder?.embedPassages(passages);
  return passages.map((passage, at) => ({
    hash: sha256(embeddedText(passage)),
    passage,
    vector: vectors?.[at] ?? null,
  }));
}
