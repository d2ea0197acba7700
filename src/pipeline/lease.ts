import type { Lease } from '../store/global.ts';
import { openGlobal } from '../store/global.ts';
import type { Layout } from '../store/layout.ts';

/** Work that one process of a home does at a time: `prune`, cleaning too; `all`, a run over the tracked repositories. */
export type LeaseName = 'prune' | 'all';

/** Null while another process holds it. To be released in any case. */
export async function takeLease(layout: Layout, name: LeaseName, nowMs: number): Promise<Lease | null> {
  const global = await openGlobal(layout);
  let lease: Lease | null = null;
  try {
    lease = global.takeLease(name, nowMs);
  } finally {
    if (lease === null) global.close();
  }
  return lease === null ? null : { release: () => released(lease, global) };
}

function released(lease: Lease, global: { close(): void }): void {
  try {
    lease.release();
  } finally {
    global.close();
  }
}
