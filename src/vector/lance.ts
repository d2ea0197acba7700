import type { Table } from '@lancedb/lancedb';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Columns } from './columns.ts';
import { asFault } from './fault.ts';
import type { StoredVector } from './gaps.ts';
import { connect } from './library.ts';
import type { VectorHit, VectorsPlace } from './row.ts';
import { isNoFolder, nearestIn, openSound, removeFrom, storedIn, vectorsIn } from './table.ts';
import type { Upkeep } from './upkeep.ts';
import { tend } from './upkeep.ts';

/** Above it a flat search gets slow, and an index of the vectors is worth its keep. */
const FLAT_ROWS = 50_000;

/**
 * One repository's vectors of one model. Whoever writes holds the repository's lease: there is one at a time. Each
 * function throws ExternalError `disk-full`, `vectors-unusable` or `vectors-damaged`.
 */
export interface Vectors {
  readonly modelId: string;
  /** Of the table, as anybody may have left it by now: each change counts one up. 0 where there is none. */
  version(): Promise<number>;
  count(): Promise<number>;
  stored(): Promise<StoredVector[]>;
  /** The vectors of these chunk hashes, of those that are stored. */
  vectorsOf(hashes: readonly string[]): Promise<Map<string, Float32Array>>;
  /** The rows so far: what is added to them meanwhile goes nowhere. */
  add(rows: Columns): Promise<void>;
  /** All rows of these chunks. */
  remove(ids: readonly number[]): Promise<void>;
  /** Removes the whole table. */
  discard(): void;
  /** The nearest rows for which the predicate (see `oneOf`) holds, best first. */
  nearest(query: Float32Array, limit: number, where?: string): Promise<VectorHit[]>;
  /** Does what `tend` says, and indexes what has grown large. */
  maintain(nowMs: number, optimizedAt: number | null): Promise<Upkeep>;
  close(): void;
}

/** Opens the table. One that cannot be opened or is of other columns counts as empty, and goes with the first row. */
export async function openVectors(place: VectorsPlace): Promise<Vectors> {
  const { directory, modelId } = place;
  // No folder, it is nothing of ours, and LanceDB would try for seconds to look into it.
  if (isNoFolder(directory)) rmSync(directory);
  const library = await connect(directory);
  const { connection } = library;
  let table = await openSound(library, place);

  async function guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw asFault(error, directory);
    }
  }

  /** A version may have been cleaned away under a reader: the newest is opened, once. */
  function reading<Result>(read: (open: Table) => Promise<Result>, none: Result): Promise<Result> {
    return guarded(async () => {
      // Another process may have made it since.
      table ??= await openSound(library, place);
      if (table === null) return none;
      try {
        return await read(table);
      } catch {
        table.close();
        table = await openSound(library, place);
        return table === null ? none : read(table);
      }
    });
  }

  function discard(): void {
    table?.close();
    table = null;
    rmSync(join(directory, `${modelId}.lance`), { recursive: true, force: true });
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  return {
    modelId,
    version: () => reading((open) => open.version(), 0),
    count: () => reading((open) => open.countRows(), 0),
    stored: () => reading((open) => storedIn(open, modelId), []),
    vectorsOf: (hashes) => reading((open) => vectorsIn(open, modelId, hashes), new Map()),
    add: (rows) =>
      guarded(async () => {
        if (rows.length() === 0) return;
        const data = rows.table(library.lance);
        if (table !== null) return void (await table.add(data));
        discard();
        table = await connection.createTable(modelId, data);
      }),
    remove: (ids) =>
      guarded(async () => {
        if (table !== null) await removeFrom(table, ids);
      }),
    discard,
    nearest: (query, limit, where) => reading((open) => nearestIn(open, query, limit, where), []),
    maintain: (nowMs, optimizedAt) =>
      guarded(async () => {
        if (table === null) return { optimizedAt: null, dueAt: null };
        const upkeep = await tend(table, join(directory, `${modelId}.lance`), optimizedAt, nowMs);
        const indexed = (await table.listIndices()).some(({ columns }) => columns.includes('vector'));
        if (!indexed && (await table.countRows()) > FLAT_ROWS) {
          await table.createIndex('vector', { config: library.lance.Index.ivfFlat({ distanceType: 'dot' }) });
        }
        return upkeep;
      }),
    close() {
      table?.close();
      connection.close();
    },
  };
}
