import type { PackedUnit } from '../lens/pack.ts';
import { createRedactor } from '../llm/redact.ts';
import type { RedactedSecret } from '../report/plan-model.ts';
import type { Progress } from '../report/progress.ts';
import type { Order } from './orders.ts';
import type { ParserPool } from './pool.ts';
import { openPool, threadsFor } from './pool.ts';
import { renderUnits } from './render.ts';
import type { OpenRepository } from './repository.ts';

/** Files whose texts are rendered together: enough that a thread is never waited for, little to hold. */
const FILES_PER_BATCH = 16;
const BYTES_PER_BATCH = 256 * 1024;

export interface SecretSearch {
  readonly repository: OpenRepository;
  readonly orders: readonly Order[];
  /** The planned content hash of a path. */
  readonly hashOf: (path: string) => string | null;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What would be replaced before it is sent, by path and line: found as the run finds it, by rendering each item. */
export async function secretsIn(search: SecretSearch): Promise<RedactedSecret[]> {
  const { repository, orders, progress, signal } = search;
  const batches = batchesOf(orders.flatMap(({ pack }) => pack.units));
  if (batches.length === 0) return [];
  const { root, config } = repository.target;
  const files = new Set(batches.flat().map(({ file }) => file)).size;
  const pool = await openPool({
    root: root.root,
    maxFileSize: config.settings.analysis.maxFileSize,
    rules: {},
    threads: threadsFor(files),
    signal,
  });
  progress.start('looking for secrets', files);
  try {
    return await renderAll(pool, batches, search);
  } finally {
    progress.stop();
    await pool.close();
  }
}

async function renderAll(
  pool: ParserPool,
  batches: readonly PackedUnit[][],
  { hashOf, progress, signal }: SecretSearch,
): Promise<RedactedSecret[]> {
  const redact = await createRedactor();
  const found = new Map<string, RedactedSecret>();
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < batches.length && !signal.aborted; at = next++) {
      const units = batches[at] as PackedUnit[];
      const { redacted } = await renderUnits(pool, redact, units, hashOf);
      for (const secret of redacted) found.set(`${secret.path}:${secret.line} ${secret.kind}`, secret);
      progress.advance(new Set(units.map(({ file }) => file)).size);
    }
  };
  await Promise.all(Array.from({ length: 4 }, lane));
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line));
}

/** Each file's units together, so that it is read once. */
function batchesOf(units: readonly PackedUnit[]): PackedUnit[][] {
  const byFile = new Map<string, PackedUnit[]>();
  for (const unit of units) {
    const file = byFile.get(unit.file);
    if (file === undefined) byFile.set(unit.file, [unit]);
    else file.push(unit);
  }
  const batches: PackedUnit[][] = [];
  let batch: PackedUnit[] = [];
  let files = 0;
  let bytes = 0;
  for (const file of byFile.values()) {
    if (files === FILES_PER_BATCH || (bytes > BYTES_PER_BATCH && files > 0)) {
      batches.push(batch);
      [batch, files, bytes] = [[], 0, 0];
    }
    batch.push(...file);
    files += 1;
    bytes += file.reduce((sum, { unit }) => sum + unit.bytes, 0);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
