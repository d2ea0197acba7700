import type { Settings } from '../config/schema.ts';
import { ExternalError, UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { Layout } from '../store/layout.ts';
import { byteSize } from '../util/numbers.ts';
import { hasGrown } from './cache/limits.ts';

/**
 * What comes after each command that writes: pruning, where the cache has outgrown its limits (2 ms where it has
 * not). The command's own result stands whatever happens here.
 */
export async function afterCommand(
  host: Host,
  layout: Layout,
  { cache }: Settings,
  say: (line: string) => void,
): Promise<void> {
  const options = { limits: cache, nowMs: host.now(), signal: host.signal };
  try {
    if (!hasGrown(layout, options)) return;
    const { prune } = await import('./cache/prune.ts');
    const report = await prune(layout, options);
    if (report.status !== 'pruned') return;
    say(`cache pruned from ${byteSize(report.before)} to ${byteSize(report.bytes.total)}`);
  } catch (error) {
    if (!(error instanceof ExternalError || error instanceof UserError)) throw error;
    say(`the cache was not pruned: ${error.message}`);
  }
}
