import { expect, it } from 'vitest';
import type { CorpusChunk } from '../../../scripts/eval-search/corpus.ts';
import { chunkText, cosine } from '../../../scripts/eval-search/vectors.ts';
import { chunksOf } from '../../../src/search/chunks.ts';
import { syntaxOf } from '../../syntax/support.ts';

const [chunk] = chunksOf(syntaxOf('/// Opens it.\nfn open() {}\n'));

it('a chunk is embedded with its place, and without what is hidden', () => {
  const one: CorpusChunk = { ...(chunk as NonNullable<typeof chunk>), file: 'src/a.rs' };
  expect(chunkText(one, 'nothing')).toBe('src/a.rs\nopen\nOpens it.\nfn open() {}');
  expect(chunkText(one, 'item docs')).toBe('src/a.rs\nopen\nfn open() {}');
});

it('cosine of unit vectors', () => {
  expect(cosine(Float32Array.of(0.6, 0.8), Float32Array.of(1, 0))).toBeCloseTo(0.6);
});
