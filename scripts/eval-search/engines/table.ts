import type { OpenEngine } from './engine.ts';
import { openMemory } from './memory.ts';

/** The engines by the name that `--engine` takes. */
export const ENGINES = {
  memory: openMemory,
} as const satisfies Record<string, OpenEngine>;
