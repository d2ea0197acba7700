import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../errors.ts';
import type { Layout } from './layout.ts';

const FILE = 'agreements.json';

/** The endpoints that this home's user agreed to send code to. Unreadable means none: it is asked again. */
export function agreements(layout: Layout): string[] {
  try {
    const value: unknown = JSON.parse(readFileSync(join(layout.home, FILE), 'utf8'));
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  } catch (error) {
    if (error instanceof SyntaxError || systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

export async function agree(layout: Layout, endpoint: string): Promise<void> {
  const known = agreements(layout);
  if (known.includes(endpoint)) return;
  const { default: writeFile } = await import('write-file-atomic');
  await writeFile(join(layout.home, FILE), `${JSON.stringify([...known, endpoint])}\n`, { mode: 0o600 });
}
