import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { openBuiltin } from '../../../src/embed/builtin.ts';
import { openSearch } from '../../../src/store/search.ts';
import { openLayout } from '../../../src/store/layout.ts';
import { homeWith } from '../../commands/support.ts';
import { folderWith, writeFiles } from '../../support/cli.ts';
import { compared, countingEmbedder, indexWith, placeOf, withVectors } from '../../support/indexed.ts';

const builtin = openBuiltin();
const LOCK = '/// Waits until nobody else writes.\npub fn lock(path: &str) -> Guard {\n    open(path)\n}\n';

let home: string;
let folder: string;
beforeEach(() => {
  home = homeWith();
  folder = folderWith({ 'src/journal.rs': LOCK, 'src/lib.rs': 'mod journal;\n' });
});

/** How near the vector of each chunk is to a query, by its place. */
async function cosines(): Promise<Map<string, number | undefined>> {
  const place = placeOf(home, folder);
  const index = await openSearch(openLayout(home), place);
  try {
    const ids = [...index.hashes().keys()];
    return await withVectors(place, builtin.id, async ({ nearest }) => {
      const [query = new Float32Array()] = await builtin.embedQueries(['lock a file for writing']);
      const byId = new Map((await nearest(query, 1_000)).map(({ id, cosine }) => [id, cosine]));
      return new Map(index.chunks(ids).map(({ id, file, path }) => [`${file} ${path}`, byId.get(id)]));
    });
  } finally {
    index.close();
  }
}

test('embeds all there is, more than the first search of a slow model would', async () => {
  const many = Array.from({ length: 700 }, (_, n) => `pub fn number_${n}() -> u32 {\n    ${n}\n}\n`);
  writeFiles(folder, { 'src/many.rs': many.join('') });
  await indexWith(home, folder, builtin);
  const { chunks, ...stored } = await compared(home, placeOf(home, folder), builtin.id);
  expect(chunks).toBeGreaterThan(700);
  expect(stored).toEqual({ vectors: chunks, faults: 0 });
});

test('a file that is renamed has the vectors of its new name', async () => {
  await indexWith(home, folder, builtin);
  const before = await cosines();
  renameSync(join(folder, 'src/journal.rs'), join(folder, 'src/flock.rs'));
  writeFiles(folder, { 'src/lib.rs': 'mod flock;\n' });
  await indexWith(home, folder, builtin);
  const after = await cosines();
  expect([...after.keys()].sort()).toEqual(['src/flock.rs lock', 'src/lib.rs ']);
  expect(after.get('src/flock.rs lock')).not.toBe(before.get('src/journal.rs lock'));
  const afresh = homeWith();
  await indexWith(afresh, folder, builtin);
  home = afresh;
  expect(after).toEqual(await cosines());
});

test('another model has a table of its own, and the way back embeds nothing', async () => {
  await indexWith(home, folder, builtin);
  const other = countingEmbedder();
  await indexWith(home, folder, other);
  const place = placeOf(home, folder);
  for (const { id } of [builtin, other])
    expect(await compared(home, place, id)).toMatchObject({ vectors: 2, faults: 0 });
  const [report] = (await indexWith(home, folder, other)).repositories;
  expect([report?.read, other.texts.length]).toEqual([0, 2]);
});
