import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ContextReport } from '../../src/report/context.ts';
import type { SearchReport } from '../../src/report/search-model.ts';
import { command, homeWith } from '../commands/support.ts';
import { folderWith, freshFolder } from '../support/cli.ts';
import { schemaErrors } from '../support/schema.ts';
import { toyModel } from '../support/toy-model.ts';
import { connect, errorOf, valueOf } from './support.ts';

test('with an embedding model meaning has a part, in calls at once too; one that is missing is said', async () => {
  const home = homeWith();
  const model = toyModel(join(freshFolder('model'), 'toy'));
  expect((await command(['models', 'add', model], { home })).status).toBe(0);
  const settings = (name: string): void =>
    writeFileSync(join(home, 'config.toml'), `[embedding]\nmodel = "${name}"\n`);
  settings('toy');
  const cwd = folderWith({
    'src/lib.rs':
      '/// Counts words, line by line.\npub fn words() {}\n/// The cat sleeps all day.\npub fn cat() {}\n',
  });
  const { client, call } = await connect({ home, cwd });
  const queries = ['how are the words of a file counted', 'cat on the roof', 'line by line'];
  const answers = await Promise.all([
    ...queries.map((query) => call('search', { query })),
    call('context', { task: 'cat on the roof' }),
  ]);
  const pack = valueOf<ContextReport>(answers.pop() ?? { content: [] });
  const reports = answers.map((answer) => valueOf<SearchReport>(answer));
  for (const report of reports) expect(schemaErrors('search', report)).toEqual([]);
  expect(reports.map(({ mode }) => mode)).toEqual(['hybrid', 'hybrid', 'hybrid']);
  expect(reports[0]?.results[0]?.parts.vector).toEqual(expect.any(Number));
  expect([pack.mode, pack.model]).toEqual(['hybrid', reports[0]?.model]);
  settings('gone');
  expect(errorOf(await call('search', { query: 'words' }))).toContain(
    'error: there is no model gone\nTake it with:',
  );
  settings('toy');
  expect(valueOf<SearchReport>(await call('search', { query: 'words', mode: 'vector' })).mode).toBe('vector');
  await client.close();
});
