import type { FactorName, KeyFactors } from './key.ts';
import { FACTORS } from './key.ts';

/** Why a key is not among the stored ones. */
export interface Miss {
  /** Factors that differ from the nearest stored answer; empty where nothing comparable was ever stored. */
  readonly differs: readonly FactorName[];
  /** The nearest one's factors; null where there is none. */
  readonly nearest: KeyFactors | null;
}

/**
 * Compares with every stored answer for the same item and names what differs from the nearest: the fewest
 * factors, the earlier of equals (give the newest first). Linear in the number of stored ones.
 */
export function explainMiss(wanted: KeyFactors, stored: readonly KeyFactors[]): Miss {
  let nearest: KeyFactors | null = null;
  let differs: readonly FactorName[] = [];
  for (const candidate of stored) {
    const found = FACTORS.filter((name) => candidate[name] !== wanted[name]);
    if (nearest !== null && found.length >= differs.length) continue;
    nearest = candidate;
    differs = found;
  }
  return { differs, nearest };
}
