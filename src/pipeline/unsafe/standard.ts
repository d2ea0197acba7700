import type { Origin } from '../../unsafe/resolve.ts';
import { originOf } from '../../unsafe/resolve.ts';
import type { Declared } from '../../unsafe/site.ts';

/** The standard library's contracts, from `data/std-safety.json`; loaded where they are asked for. */
export async function standardLibrary(): Promise<Origin> {
  const { default: table } = await import('../../../data/std-safety.json');
  const declared = table.declared as readonly Declared[];
  return originOf('std', 'std', [{ declared, safe: [], staticMuts: [], unionFields: [] }]);
}
