import { existsSync } from 'node:fs';
import type { Layout } from '../store/layout.ts';
import { layoutOf, openLayout } from '../store/layout.ts';

/** The home as it lies on the disk; one that is not there is not made by looking for it. */
export function existingLayout(home: string): Layout {
  const paths = layoutOf(home);
  return existsSync(paths.cache) || existsSync(paths.ledger) ? openLayout(home) : paths;
}
