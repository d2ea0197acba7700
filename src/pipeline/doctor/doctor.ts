import type { Host } from '../../host.ts';
import type { Check, DoctorReport } from '../../report/doctor.ts';
import { REPORT_SCHEMA_VERSION, TOOL } from '../../version.ts';
import { messageOf } from '../../errors.ts';
import { fail } from './check.ts';
import { checkDatabases } from './databases.ts';
import { checkEmbedding } from './embedding.ts';
import { checkHome } from './home.ts';
import { checkGit, checkGrammar, checkNode, checkSqlite, checkZstd } from './machine.ts';
import { checkSettings } from './settings.ts';

/**
 * Looks at everything that a run needs, changes nothing and sends nothing. A check that itself goes wrong has
 * failed, and the others go on.
 */
export async function doctor(host: Host): Promise<DoctorReport> {
  const parts: readonly (readonly [string, () => Promise<readonly Check[]> | readonly Check[]])[] = [
    ['node', () => checkNode()],
    ['sqlite', () => checkSqlite()],
    ['zstd', () => checkZstd()],
    ['grammar', () => checkGrammar()],
    ['git', () => checkGit(host)],
    ['home', () => checkHome(host)],
    ['settings', () => checkSettings(host)],
    ['databases', () => checkDatabases(host)],
    ['embedding', () => checkEmbedding(host)],
  ];
  const checks: Check[] = [];
  for (const [name, look] of parts) checks.push(...(await looked(name, look)));
  const worst = (['fail', 'warn'] as const).find((wanted) => checks.some(({ status }) => status === wanted));
  return { schemaVersion: REPORT_SCHEMA_VERSION, tool: TOOL, status: worst ?? 'ok', checks };
}

async function looked(
  name: string,
  look: () => Promise<readonly Check[]> | readonly Check[],
): Promise<readonly Check[]> {
  try {
    return await look();
  } catch (error) {
    return [fail(name, messageOf(error), hintOf(error))];
  }
}

function hintOf(error: unknown): string {
  const { hint } = error as { readonly hint?: unknown };
  return typeof hint === 'string' ? hint : 'This is a defect of rustassistant, please report it.';
}
