/** The reference: BM25 in memory, by the formula of SQLite's `bm25()` (weighted frequencies, plain lengths). */
import { FIELDS } from '../../../src/search/fields.ts';
import type { FieldTerms } from '../../../src/search/fields.ts';
import type { Engine, Hit, Source, Weights } from './engine.ts';

const K1 = 1.2;
const B = 0.75;
/** Of a term that is in more than half of the documents. */
const LEAST_IDF = 1e-6;

interface Postings {
  readonly documents: number[];
  readonly frequencies: number[];
}

/** Of a document: the weighted frequency of each term, and the number of its terms. */
function frequenciesOf(
  document: FieldTerms,
  weights: Weights,
): { counts: Map<string, number>; length: number } {
  const counts = new Map<string, number>();
  let length = 0;
  for (const field of FIELDS) {
    const weight = weights[field];
    length += document[field].length;
    for (const term of document[field]) counts.set(term, (counts.get(term) ?? 0) + weight);
  }
  return { counts, length };
}

export async function openMemory({ documents, files, weights }: Source): Promise<Engine> {
  const postings = new Map<string, Postings>();
  const lengths = documents.map((document, at) => {
    const { counts, length } = frequenciesOf(document, weights);
    for (const [term, frequency] of counts) {
      let list = postings.get(term);
      if (list === undefined) postings.set(term, (list = { documents: [], frequencies: [] }));
      list.documents.push(at);
      list.frequencies.push(frequency);
    }
    return length;
  });
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  const scores = new Float64Array(documents.length);

  function add({ documents: found, frequencies }: Postings): void {
    const idf = Math.log((documents.length - found.length + 0.5) / (found.length + 0.5));
    found.forEach((document, at) => {
      const frequency = frequencies[at] as number;
      const norm = K1 * (1 - B + (B * (lengths[document] as number)) / average);
      scores[document] =
        (scores[document] as number) + (Math.max(idf, LEAST_IDF) * frequency * (K1 + 1)) / (frequency + norm);
    });
  }
  return {
    search: async (terms, limit) => {
      scores.fill(0);
      const lists = terms.flatMap((term) => postings.get(term) ?? []);
      lists.forEach(add);
      const touched = new Set(lists.flatMap((list) => list.documents));
      return best(
        [...touched].map((document) => ({ document, score: scores[document] as number })),
        limit,
      );
    },
    spread: async (terms) => terms.map((term) => counted(postings.get(term)?.documents ?? [], files)),
    replace: async () => {
      throw new Error('made once, for reading');
    },
    close: async () => {},
  };
}

/** How many of the documents are in which file. */
export function counted(documents: readonly number[], files: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const document of documents) {
    const file = files[document] as number;
    counts.set(file, (counts.get(file) ?? 0) + 1);
  }
  return counts;
}

/** The highest scores first; equal ones by document. */
export function best(hits: Hit[], limit: number): Hit[] {
  return hits.sort((a, b) => b.score - a.score || a.document - b.document).slice(0, limit);
}
