import type { Table } from '@lancedb/lancedb';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Connected } from './library.ts';
import { connect } from './library.ts';
import { oneOf } from './predicate.ts';
import type { VectorHit, VectorRow } from './row.ts';

/** Above it a flat search gets slow, and an index of the vectors is worth its keep. */
const FLAT_ROWS = 50_000;
/** Versions that another process may still be reading are kept for so long. */
const GRACE_MS = 10 * 60 * 1000;
/** Values in one predicate. */
const BATCH = 1_000;
/** So many small files make a table slow to open, and so many versions keep what is no longer needed. */
const MANY = 16;

export interface VectorsPlace {
  /** `embeddings.lance`, a folder; made where it is missing. */
  readonly directory: string;
  /** Names the table: letters, digits, `-`, `_`, `.`. */
  readonly modelId: string;
  readonly dimensions: number;
}

/** One repository's vectors of one model. Whoever writes holds the repository's lease: there is one at a time. */
export interface Vectors {
  /** Chunk hashes by chunk id. */
  stored(): Promise<Map<number, string>>;
  /** The vectors of these chunk hashes, of those that are stored. */
  vectorsOf(hashes: readonly string[]): Promise<Map<string, Float32Array>>;
  add(rows: readonly VectorRow[]): Promise<void>;
  remove(ids: readonly number[]): Promise<void>;
  /** The nearest rows for which the predicate (see `oneOf`) holds, best first. */
  nearest(query: Float32Array, limit: number, where?: string): Promise<VectorHit[]>;
  /** Merges small files, drops versions older than the grace period, and indexes what has grown large. */
  maintain(nowMs: number): Promise<void>;
  close(): void;
}

/** Opens the table. One that is torn or of other columns counts as empty, and goes with the first row. */
export async function openVectors({ directory, modelId, dimensions }: VectorsPlace): Promise<Vectors> {
  const library = await connect(directory);
  const { connection } = library;
  let table = await openSound(library, modelId, dimensions);

  /** A version may have been cleaned away under a reader: the newest is opened, once. */
  async function reading<Result>(read: (open: Table) => Promise<Result>, none: Result): Promise<Result> {
    if (table === null) return none;
    try {
      return await read(table);
    } catch {
      table.close();
      table = await openSound(library, modelId, dimensions);
      return table === null ? none : read(table);
    }
  }

  return {
    stored: () => reading(storedIn, new Map<number, string>()),
    vectorsOf: (hashes) => reading((open) => vectorsIn(open, hashes), new Map<string, Float32Array>()),
    async add(rows) {
      if (rows.length === 0) return;
      const data = rows.map((row) => ({ ...row }));
      if (table !== null) return void (await table.add(data));
      rmSync(join(directory, `${modelId}.lance`), { recursive: true, force: true });
      table = await connection.createTable(modelId, data);
    },
    async remove(ids) {
      for (const some of batches(ids)) await table?.delete(oneOf('id', some));
    },
    nearest: (query, limit, where) => reading((open) => nearestIn(open, query, limit, where), []),
    async maintain(nowMs) {
      if (table === null) return;
      const cleanupOlderThan = new Date(nowMs - GRACE_MS);
      const versions = await table.listVersions();
      const old = versions.filter(({ timestamp }) => timestamp < cleanupOlderThan).length;
      const { numFragments } = (await table.stats()).fragmentStats;
      if (numFragments >= MANY || old >= MANY) await table.optimize({ cleanupOlderThan });
      const indexed = (await table.listIndices()).some(({ columns }) => columns.includes('vector'));
      if (!indexed && (await table.countRows()) > FLAT_ROWS) {
        await table.createIndex('vector', { config: library.lance.Index.ivfFlat({ distanceType: 'dot' }) });
      }
    },
    close() {
      table?.close();
      connection.close();
    },
  };
}

/** Null where there is none that can be used: it can be made again, so that the reason does not matter. */
async function openSound({ connection }: Connected, name: string, dimensions: number): Promise<Table | null> {
  try {
    const table = await connection.openTable(name);
    const { fields } = await table.schema();
    const type = fields.find((field) => field.name === 'vector')?.type as { listSize?: number } | undefined;
    if (type?.listSize === dimensions && fields.some((field) => field.name === 'words')) return table;
    table.close();
    return null;
  } catch {
    return null;
  }
}

async function storedIn(table: Table): Promise<Map<number, string>> {
  const rows = await table.query().select(['id', 'chunk_hash']).toArrow();
  const ids = rows.getChild('id');
  const hashes = rows.getChild('chunk_hash');
  const found = new Map<number, string>();
  for (let at = 0; at < rows.numRows; at += 1) found.set(Number(ids?.get(at)), String(hashes?.get(at)));
  return found;
}

async function vectorsIn(table: Table, hashes: readonly string[]): Promise<Map<string, Float32Array>> {
  const found = new Map<string, Float32Array>();
  for (const some of batches(hashes)) {
    const rows = (await table
      .query()
      .where(oneOf('chunk_hash', some))
      .select(['chunk_hash', 'vector'])
      .toArray()) as {
      readonly chunk_hash: string;
      readonly vector: Iterable<number>;
    }[];
    for (const { chunk_hash: hash, vector } of rows) found.set(hash, Float32Array.from(vector));
  }
  return found;
}

async function nearestIn(
  table: Table,
  query: Float32Array,
  limit: number,
  where: string | undefined,
): Promise<VectorHit[]> {
  const search = table.query().nearestTo(query).distanceType('dot').select(['id', '_distance']).limit(limit);
  const rows = (await (where === undefined ? search : search.where(where)).toArray()) as {
    readonly id: number;
    readonly _distance: number;
  }[];
  // Of vectors of length 1: 1 - their product.
  return rows.map(({ id, _distance }) => ({ id, cosine: 1 - _distance }));
}

function* batches<Value>(values: readonly Value[]): Generator<readonly Value[]> {
  for (let at = 0; at < values.length; at += BATCH) yield values.slice(at, at + BATCH);
}
