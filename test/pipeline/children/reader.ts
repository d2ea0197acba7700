/**
 * Searches the repository argv[3] in the home argv[2] until its input ends, and prints a line for each answer. argv[4]:
 * `held` keeps one index open all the while, `anew` opens and brings it up to date each time.
 */
import { openIndex } from '../../../src/pipeline/search/open-index.ts';
import { createPool } from '../../../src/pipeline/pool.ts';
import type { SearchRequest } from '../../../src/pipeline/search/search.ts';
import { search } from '../../../src/pipeline/search/search.ts';
import { searchTargets } from '../../../src/pipeline/search/targets.ts';
import type { Target } from '../../../src/pipeline/targets.ts';
import { targetsFor } from '../../../src/pipeline/targets.ts';
import { SILENT } from '../../../src/report/progress.ts';
import { openLayout } from '../../../src/store/layout.ts';
import { countingEmbedder, hostOf } from '../../support/indexed.ts';

const [, , home = '', folder = '', manner = ''] = process.argv;
const embedder = countingEmbedder();
const host = hostOf(home);
const context = { host, layout: openLayout(home), pool: createPool(), progress: SILENT, embedder };
const targets = await targetsFor(host, [folder]);
const request: SearchRequest = {
  ...{
    query: 'Scales by 3',
    mode: null,
    limit: 10,
    unit: 'item',
    like: null,
    kinds: null,
    allows: null,
    content: 'matches',
  },
};

let going = true;
process.stdin.on('end', () => (going = false)).resume();
const held = manner === 'held' ? await openIndex(context, targets[0] as Target, 'as it is') : null;
while (going) {
  const { results, notices } =
    held === null
      ? await searchTargets(context, targets, request, 'first')
      : await search([held], embedder, request, []);
  const vectors = results.filter(({ parts }) => parts.vector !== null).length;
  process.stdout.write(`${JSON.stringify({ results: results.length, vectors, notices })}\n`);
}
held?.close();
await context.pool.close();
