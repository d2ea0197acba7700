/** LanceDB's full-text index, its row number the chunk's. */
import type * as lancedb from '@lancedb/lancedb';
import { FIELDS } from '../../../src/search/fields.ts';
import type { FieldTerms } from '../../../src/search/fields.ts';
import type { Engine, Hit, OpenEngine, Source, Weights } from './engine.ts';

type Lance = typeof lancedb;
/** `one`: a single column in which a term stands as often as its column weighs. `many`: a column each, with boosts. */
export type LanceColumns = 'one' | 'many';

interface Row extends Record<string, unknown> {
  readonly document: number;
}

/** After an update: `merge` brings the index up to date at once, `wait` leaves new rows to be searched without it. */
export type LanceUpdate = 'merge' | 'wait';

export function lanceEngine(columns: LanceColumns, update: LanceUpdate = 'merge'): OpenEngine {
  return async (source) => {
    const { documents, weights, folder } = source;
    const lance = await loadLance();
    const connection = await lance.connect(folder);
    const row = rowMaker(columns, weights);
    const table = await connection.createTable(
      'chunks',
      [...documents.entries()].map(([at, document]) => row(at, document)),
    );
    for (const column of columnsOf(columns)) await table.createIndex(column, { config: fullText(lance) });
    return over(lance, table, columns, source, update);
  };
}

async function loadLance(): Promise<Lance> {
  process.env['LANCEDB_LOG'] ??= 'error';
  return import('@lancedb/lancedb');
}

const columnsOf = (columns: LanceColumns): readonly string[] => (columns === 'one' ? ['text'] : FIELDS);

function fullText(lance: Lance) {
  return lance.Index.fts({
    baseTokenizer: 'simple',
    withPosition: false,
    stem: false,
    removeStopWords: false,
    asciiFolding: false,
    maxTokenLength: 64,
  });
}

function rowMaker(columns: LanceColumns, weights: Weights): (at: number, document: FieldTerms) => Row {
  if (columns === 'many')
    return (at, terms) => ({
      document: at,
      ...Object.fromEntries(FIELDS.map((field) => [field, terms[field].join(' ')])),
    });
  return (at, terms) => {
    const repeated = FIELDS.flatMap((field) =>
      Array.from({ length: weights[field] }, () => terms[field]).flat(),
    );
    return { document: at, text: repeated.join(' ') };
  };
}

/** A search over an open table. */
function over(
  lance: Lance,
  table: lancedb.Table,
  columns: LanceColumns,
  { weights, files }: Source,
  update: LanceUpdate,
): Engine {
  const row = rowMaker(columns, weights);
  const boosts = FIELDS.map((field) => weights[field]);
  async function filesWith(term: string): Promise<Map<number, number>> {
    const counts = new Map<number, number>();
    for (const { document } of await engine.search([term], files.length)) {
      const file = files[document] as number;
      counts.set(file, (counts.get(file) ?? 0) + 1);
    }
    return counts;
  }
  const engine: Engine = {
    search: async (terms, limit) => {
      if (terms.length === 0) return [];
      const text = terms.join(' ');
      const match =
        columns === 'one'
          ? new lance.MatchQuery(text, 'text')
          : new lance.MultiMatchQuery(text, [...FIELDS], { boosts });
      const query = table.search(match, 'fts') as lancedb.Query;
      const rows = (await query.select(['document', '_score']).limit(limit).toArray()) as {
        document: number;
        _score: number;
      }[];
      return rows.map(({ document, _score }): Hit => ({ document: Number(document), score: _score }));
    },
    spread: async (terms) => {
      const counts: Map<number, number>[] = [];
      for (const term of terms) counts.push(await filesWith(term));
      return counts;
    },
    replace: async (changed) => {
      await table.delete(`document IN (${changed.map(([at]) => at).join()})`);
      await table.add(changed.map(([at, document]) => row(at, document)));
      if (update === 'merge') await table.optimize();
    },
    close: async () => table.close(),
  };
  return engine;
}
