import type { Chunk } from './chunks.ts';
import { fileWords } from './file-name.ts';
import type { Splitter } from './words.ts';

/** The columns of the keyword index, in their order. */
export const FIELDS = ['path', 'name', 'signature', 'body', 'doc'] as const;
export type Field = (typeof FIELDS)[number];

/** Terms by column. */
export type FieldTerms = Readonly<Record<Field, readonly string[]>>;

/** The same, each column's terms joined by blanks. */
export type FieldText = Readonly<Record<Field, string>>;

/** Weights of the columns, the doc and the body being 1. */
export const FIELD_WEIGHTS: Readonly<Record<Field, number>> = {
  path: 4,
  name: 4,
  signature: 2,
  body: 1,
  doc: 1,
};

/** What of a chunk goes into which column. `file`: its path within the repository. */
export function fieldTerms(split: Splitter, file: string, chunk: Chunk): FieldTerms {
  return {
    path: split(fileWords(file)),
    name: split(chunk.path),
    signature: split(chunk.signature),
    body: split(chunk.code),
    doc: split(chunk.doc),
  };
}
