import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PackedUnit } from '../../lens/pack.ts';
import type { Redactor } from '../../llm/redact.ts';
import { createRedactor } from '../../llm/redact.ts';
import { readSource } from '../../repo/source.ts';
import type { RedactedSecret } from '../../report/plan-model.ts';
import type { Progress } from '../../report/progress.ts';
import { sha256 } from '../../util/hash.ts';
import { lineIndex } from '../../util/lines.ts';
import { byPath } from '../../util/order.ts';
import type { Order } from './orders.ts';
import type { OpenRepository } from '../repository.ts';

export interface SecretSearch {
  readonly repository: OpenRepository;
  readonly orders: readonly Order[];
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * What would be replaced before it is sent, by path and line: found by the run's own redactor, in the very texts that
 * a run would send. They stand in the files where the sync saw them, so that nothing is parsed for it; an item whose
 * file has changed since is left out, as it is by the run.
 */
export async function secretsIn(search: SecretSearch): Promise<RedactedSecret[]> {
  const { repository, orders, progress, signal } = search;
  const files = byFile(orders.flatMap(({ pack }) => pack.units));
  if (files.size === 0) return [];
  const redact = await createRedactor();
  const found: RedactedSecret[] = [];
  progress.start('looking for secrets', files.size);
  for (const [path, units] of files) {
    if (signal.aborted) break;
    found.push(...secretsOf(repository, redact, path, units));
    progress.advance(1);
    await nextTurn();
  }
  progress.stop();
  return found.sort((a, b) => byPath(a, b) || a.line - b.line);
}

function byFile(units: readonly PackedUnit[]): Map<string, PackedUnit[]> {
  const files = new Map<string, PackedUnit[]>();
  for (const unit of units) {
    const file = files.get(unit.file);
    if (file === undefined) files.set(unit.file, [unit]);
    else file.push(unit);
  }
  return files;
}

function secretsOf(
  { target }: OpenRepository,
  redact: Redactor,
  path: string,
  units: readonly PackedUnit[],
): RedactedSecret[] {
  const read = readSource(`${target.root.root}/${path}`, target.config.settings.analysis.maxFileSize);
  if (read.kind !== 'text') return [];
  const lines = lineIndex(read.text);
  return units.flatMap(({ unit }) => {
    const text = read.text.slice(unit.start, unit.end);
    if (sha256(text) !== unit.hash) return [];
    return redact(text).hits.map(({ kind, start }) => ({ kind, path, line: lines.line(unit.start + start) }));
  });
}
