import type { OpenEngine } from './engine.ts';
import { grepEngine } from './grep.ts';
import { lanceEngine } from './lance.ts';
import { openMemory } from './memory.ts';
import { SQLITE, sqliteEngine } from './sqlite.ts';

/** The engines by the name that `--engine` takes. */
export const ENGINES = {
  grep: grepEngine('item'),
  'grep-file': grepEngine('file'),
  memory: openMemory,
  sqlite: sqliteEngine(),
  'sqlite-column': sqliteEngine({ ...SQLITE, detail: 'column' }),
  'sqlite-none': sqliteEngine({ ...SQLITE, detail: 'none' }),
  lance: lanceEngine('one'),
  'lance-wait': lanceEngine('one', 'wait'),
  'lance-many': lanceEngine('many'),
} as const satisfies Record<string, OpenEngine>;
