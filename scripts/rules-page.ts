/** Writes docs/rules.md from the table of rules:
 *   tsx scripts/rules-page.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../src/lint/table.ts';
import { rulesPage } from './support/rules-page.ts';
import { ROOT } from './support/run.ts';

writeFileSync(join(ROOT, 'docs', 'rules.md'), rulesPage(RULES));
