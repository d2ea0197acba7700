import type { Embedder } from '../../embed/embedder.ts';
import { newColumns } from '../../vector/columns.ts';
import type { Vectors } from '../../vector/lance.ts';
import type { VectorRow } from '../../vector/row.ts';

/** So many rows are added at once: what took time to embed stays after an interruption. */
const BATCHES = { builtin: 2_048, transformers: 128 } as const;

export interface RowBatches {
  add(row: VectorRow): Promise<void>;
  /** Stores what is left. */
  flush(): Promise<void>;
  /** Rows that are stored. */
  added(): number;
}

/** Collects rows, and stores so many at a time: one lot after the other, whoever brings them. */
export function inBatches({ kind }: Embedder, vectors: Vectors): RowBatches {
  const size = BATCHES[kind];
  let rows = newColumns(size);
  let added = 0;
  let storing = Promise.resolve();
  const flush = (): Promise<void> => {
    const full = rows;
    rows = newColumns(size);
    storing = storing.then(() => vectors.add(full)).then(() => void (added += full.length()));
    return storing;
  };
  return {
    flush,
    added: () => added,
    async add(row: VectorRow): Promise<void> {
      rows.add(row);
      if (rows.length() >= size) await flush();
    },
  };
}
