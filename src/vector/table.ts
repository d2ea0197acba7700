import type { Table } from '@lancedb/lancedb';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { asFault, isDamaged } from './fault.ts';
import type { StoredVector } from './gaps.ts';
import type { Connected } from './library.ts';
import { oneOf } from './predicate.ts';
import type { VectorHit, VectorRow, VectorsPlace } from './row.ts';

/** Ids in one predicate. */
const IDS = 1_000;
/** Hashes in one predicate: LanceDB takes 200 MB more for four times as many, and saves a quarter of the time. */
const HASHES = 256;

/** Arrow's types of the columns, as LanceDB makes them of a row. */
const TYPES: Readonly<Record<keyof Omit<VectorRow, 'vector'>, string>> = {
  ...{ id: 'Float64', start_line: 'Float64', end_line: 'Float64', test: 'Bool' },
  ...{ text: 'Utf8', file_path: 'Utf8', content_hash: 'Utf8', chunk_hash: 'Utf8', model_id: 'Utf8' },
  ...{ entity_type: 'Utf8', entity_name: 'Utf8', language: 'Utf8', module_path: 'Utf8' },
  ...{ signature: 'Utf8', visibility: 'Utf8', words: 'Utf8' },
};

/** Null where there is none that can be used. Throws ExternalError where the disk does not let one know. */
export async function openSound(
  { connection }: Connected,
  { directory, modelId, dimensions }: VectorsPlace,
): Promise<Table | null> {
  // LanceDB would try again for seconds.
  if (isNoFolder(join(directory, `${modelId}.lance`))) return null;
  try {
    const table = await connection.openTable(modelId);
    const { fields } = await table.schema();
    const types = new Map(fields.map(({ name, type }) => [name, String(type)]));
    const sound =
      types.get('vector') === `FixedSizeList[${dimensions}]<Float32>` &&
      Object.entries(TYPES).every(([name, type]) => types.get(name) === type);
    if (sound) return table;
    table.close();
    return null;
  } catch (error) {
    const fault = asFault(error, directory);
    if (isDamaged(fault)) return null;
    throw fault;
  }
}

/** Whether something else stands where the folder should be. */
export function isNoFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === false;
}

export async function storedIn(table: Table, modelId: string): Promise<StoredVector[]> {
  const rows = await table.query().select(['id', 'chunk_hash', 'model_id']).toArrow();
  const [ids, hashes, models] = ['id', 'chunk_hash', 'model_id'].map((name) => rows.getChild(name));
  return Array.from({ length: rows.numRows }, (_, at) => ({
    id: Number(ids?.get(at)),
    hash: models?.get(at) === modelId ? String(hashes?.get(at)) : '',
  }));
}

export async function vectorsIn(
  table: Table,
  modelId: string,
  hashes: readonly string[],
): Promise<Map<string, Float32Array>> {
  const found = new Map<string, Float32Array>();
  for (const some of batches(hashes, HASHES)) {
    const rows = await table
      .query()
      .where(`${oneOf('chunk_hash', some)} AND ${oneOf('model_id', [modelId])}`)
      .select(['chunk_hash', 'vector'])
      .toArrow();
    const [own, vectors] = ['chunk_hash', 'vector'].map((name) => rows.getChild(name));
    for (let at = 0; at < rows.numRows; at += 1) {
      const vector = vectors?.get(at) as { toArray(): Float32Array };
      // A view of its batch, which would stay as long as it does.
      found.set(String(own?.get(at)), vector.toArray().slice());
    }
  }
  return found;
}

export async function nearestIn(
  table: Table,
  query: Float32Array,
  limit: number,
  where: string | undefined,
): Promise<VectorHit[]> {
  const search = table.query().nearestTo(query).distanceType('dot').select(['id', '_distance']).limit(limit);
  const rows = await (where === undefined ? search : search.where(where)).toArrow();
  const [ids, distances] = ['id', '_distance'].map((name) => rows.getChild(name));
  return Array.from({ length: rows.numRows }, (_, at) => ({
    id: Number(ids?.get(at)),
    // Of vectors of length 1: 1 - their product.
    cosine: 1 - Number(distances?.get(at)),
  }));
}

export async function removeFrom(table: Table, ids: readonly number[]): Promise<void> {
  for (const some of batches(ids, IDS)) await table.delete(oneOf('id', some));
}

function* batches<Value>(values: readonly Value[], size: number): Generator<readonly Value[]> {
  for (let at = 0; at < values.length; at += size) yield values.slice(at, at + size);
}
