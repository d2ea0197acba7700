/**
 * Versions of one kind of stored JSON. `steps[n]` turns version `minCompatible + n` into the next; a change that
 * no step can make raises `minCompatible` to `current` instead, which makes older ones misses.
 */
export interface Schema {
  readonly current: number;
  readonly minCompatible: number;
  readonly steps: readonly ((value: object) => object)[];
}

/** Of the JSON in `answers.blob`. */
export const ANSWER_SCHEMA: Schema = { current: 1, minCompatible: 1, steps: [] };

/** Of the JSON in `file_analysis.analysis_json` and `file_facts.facts`. */
export const RESULT_SCHEMA: Schema = { current: 1, minCompatible: 1, steps: [] };

/** Whether a stored version can be read: as it is, after migration, or not at all. */
export function compatibility(schema: Schema, version: number): 'current' | 'older' | 'incompatible' {
  if (version === schema.current) return 'current';
  return version < schema.current && version >= schema.minCompatible ? 'older' : 'incompatible';
}

/** The value in the current version, or null where it cannot be brought there: a miss. */
export function migrated<Value extends object>(schema: Schema, version: number, value: object): Value | null {
  if (compatibility(schema, version) === 'incompatible') return null;
  const steps = schema.steps.slice(version - schema.minCompatible);
  return steps.reduce((at, step) => step(at), value) as Value;
}
