import type { Database } from './database.ts';

/** What was found of a table of vectors when it was last compared with the chunks. */
export interface VectorMark {
  /** Of the chunks (`generation`), and of the table: where both are still the same, so is the finding. */
  readonly generation: number;
  readonly version: number;
  /** See `Upkeep`; milliseconds since the epoch. */
  readonly optimizedAt: number | null;
  readonly dueAt: number | null;
}

export interface VectorMarks {
  /** Null where the table has never been compared. */
  get(modelId: string): VectorMark | null;
  set(modelId: string, mark: VectorMark): void;
  /** The next one who looks compares it anew. */
  doubt(modelId: string): void;
}

export function marksOf(database: Database): VectorMarks {
  const get = database.prepare<VectorMark>(`SELECT generation, version, optimized_at AS optimizedAt,
    due_at AS dueAt FROM vector_tables WHERE model_id = ?`);
  const set = database.prepare(
    'INSERT OR REPLACE INTO vector_tables VALUES (@modelId, @generation, @version, @optimizedAt, @dueAt)',
  );
  const doubt = database.prepare('UPDATE vector_tables SET version = -1 WHERE model_id = ?');
  return {
    get: (modelId) => get.get(modelId) ?? null,
    set: (modelId, { generation, version, optimizedAt, dueAt }) =>
      void set.run({ modelId, generation, version, optimizedAt, dueAt }),
    doubt: (modelId) => void doubt.run(modelId),
  };
}
