import type { Lease } from '../../store/global.ts';
import { openGlobal } from '../../store/global.ts';
import type { Layout } from '../../store/layout.ts';

/** One process at a time prunes or cleans: null while another one does. To be released in any case. */
export async function takePruneLease(layout: Layout, nowMs: number): Promise<Lease | null> {
  const global = await openGlobal(layout);
  let lease: Lease | null = null;
  try {
    lease = global.takeLease('prune', nowMs);
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
