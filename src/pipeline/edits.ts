import type { FileFacts, Unit } from '../types/unit.ts';

/** A unit with the time of the sync that first saw its present text, where an earlier text was known. */
export interface StoredUnit extends Unit {
  /** Milliseconds since the epoch; absent for what was there when the repository was first seen. */
  readonly editedAt?: number;
}

/** What is stored of a file's parse. */
export interface StoredFacts extends Omit<FileFacts, 'units'> {
  readonly units: readonly StoredUnit[];
}

/**
 * Marks the units that this sync sees for the first time: they are the day's edits, which are bought before
 * the backlog. `before`: what was stored of the file; null for a new file, all of which is new. Null where nothing
 * is marked.
 */
export function carryEdits(facts: FileFacts, before: StoredFacts | null, nowMs: number): StoredFacts | null {
  const known = new Map(before?.units.map((unit) => [unit.hash, unit.editedAt]));
  const units = facts.units.map((unit): StoredUnit => {
    const editedAt = known.has(unit.hash) ? known.get(unit.hash) : nowMs;
    return editedAt === undefined ? unit : { ...unit, editedAt };
  });
  return units.some(({ editedAt }) => editedAt !== undefined) ? { ...facts, units } : null;
}
