/** What grep can tell: how many of the query's words stand in an item, or in its file. No rarity, no frequency. */
import { FIELDS } from '../../../src/search/fields.ts';
import type { OpenEngine } from './engine.ts';
import { best, counted } from './memory.ts';

export function grepEngine(unit: 'item' | 'file'): OpenEngine {
  return async ({ documents, files }) => {
    const byTerm = new Map<string, number[]>();
    documents.forEach((document, at) => {
      for (const term of new Set(FIELDS.flatMap((field) => document[field]))) {
        const list = byTerm.get(term);
        if (list === undefined) byTerm.set(term, [at]);
        else list.push(at);
      }
    });
    return {
      search: async (terms, limit) => {
        const inItem = new Map<number, number>();
        const inFile = new Map<number, number>();
        for (const term of new Set(terms)) {
          const found = byTerm.get(term) ?? [];
          for (const at of found) inItem.set(at, (inItem.get(at) ?? 0) + 1);
          for (const file of new Set(found.map((at) => files[at] as number)))
            inFile.set(file, (inFile.get(file) ?? 0) + 1);
        }
        const scoreOf = (at: number, own: number): number =>
          unit === 'item' ? own : (inFile.get(files[at] as number) ?? 0);
        return best(
          [...inItem].map(([document, own]) => ({ document, score: scoreOf(document, own) })),
          limit,
        );
      },
      spread: async (terms) => terms.map((term) => counted(byTerm.get(term) ?? [], files)),
      replace: async () => {
        throw new Error('made once, for reading');
      },
      close: async () => {},
    };
  };
}
