import {
  cpSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Passage } from '../../../src/embed/embedder.ts';
import { searchTargets } from '../../../src/pipeline/search/targets.ts';
import { createPool } from '../../../src/pipeline/pool.ts';
import { targetsFor } from '../../../src/pipeline/targets.ts';
import { SILENT } from '../../../src/report/progress.ts';
import type { SearchReport } from '../../../src/report/search-model.ts';
import { openLayout } from '../../../src/store/layout.ts';
import { newColumns } from '../../../src/vector/columns.ts';
import { connect } from '../../../src/vector/library.ts';
import { homeWith } from '../../commands/support.ts';
import { folderWith, writeFiles } from '../../support/cli.ts';
import {
  compared,
  countingEmbedder,
  hostOf,
  indexWith,
  placeOf,
  tableFolder,
  withVectors,
} from '../../support/indexed.ts';

const FUNCTIONS = (prefix: string, count = 8): string =>
  Array.from(
    { length: count },
    (_, n) => `/// Scales by ${n}.\npub fn ${prefix}_${n}(x: u64) -> u64 {\n    x * ${n}\n}\n`,
  ).join('\n');

let home: string;
let folder: string;
let embedder: ReturnType<typeof countingEmbedder>;
beforeEach(() => {
  home = homeWith();
  folder = folderWith({
    'src/a.rs': FUNCTIONS('alpha'),
    'src/b.rs': FUNCTIONS('beta'),
    'src/lib.rs': 'mod a;\nmod b;\n',
  });
  embedder = countingEmbedder();
});

const index = (of = folder, now = Date.now) => indexWith(home, of, embedder, { now });
const inOrder = async (of = folder) => {
  const { chunks, vectors, faults } = await compared(home, placeOf(home, of), embedder.id);
  expect({ vectors, faults }).toEqual({ vectors: chunks, faults: 0 });
  return chunks;
};
/** What is embedded by doing this. */
async function embedded(work: () => Promise<unknown>): Promise<number> {
  const before = embedder.texts.length;
  await work();
  return embedder.texts.length - before;
}

async function search(
  query: string,
  mode: 'hybrid' | 'vector' = 'hybrid',
  when: 'first' | 'never' = 'first',
): Promise<SearchReport> {
  const host = hostOf(home);
  const pool = createPool();
  const request = {
    query,
    mode,
    limit: 10,
    unit: 'item',
    like: null,
    kinds: null,
    allows: null,
    content: 'none',
  } as const;
  const context = { host, layout: openLayout(home), pool, progress: SILENT, embedder };
  return searchTargets(context, await targetsFor(host, [folder]), request, when).finally(pool.close);
}
const codes = ({ notices }: SearchReport): string[] => notices.map(({ code }) => code);
const withVector = ({ results }: SearchReport): number =>
  results.filter(({ parts }) => parts.vector !== null).length;

describe('no text is embedded twice', () => {
  test('where nothing has changed, or a file was touched', async () => {
    const chunks = await embedded(index);
    expect(chunks).toBe(new Set(embedder.texts).size);
    expect(await embedded(index)).toBe(0);
    writeFiles(folder, { 'src/a.rs': `\n\n${FUNCTIONS('alpha')}` });
    expect(await embedded(index)).toBe(0);
    await inOrder();
  });

  test('also when it moves within its file, or to another', async () => {
    await index();
    const [first = '', ...others] = FUNCTIONS('alpha').split('\n\n');
    writeFiles(folder, { 'src/a.rs': [...others, first].join('\n\n') });
    await index();
    writeFiles(folder, { 'src/a.rs': others.join('\n\n'), 'src/c.rs': first });
    await index();
    renameSync(join(folder, 'src/b.rs'), join(folder, 'src/d.rs'));
    await index();
    const functions = embedder.texts.filter((text) => /\bfn (alpha|beta)_\d/.test(text));
    expect(functions.length).toBe(new Set(functions).size);
    await inOrder();
  });

  test('also in another repository, also when this one is made again', async () => {
    await index();
    const copy = folderWith({});
    cpSync(folder, copy, { recursive: true });
    expect(await embedded(() => index(copy))).toBe(0);
    await inOrder(copy);
    rmSync(placeOf(home, folder).directory, { recursive: true });
    expect(await embedded(index)).toBe(0);
    await inOrder();
  });

  test('an edited file is given its vectors again and again', async () => {
    await index();
    for (let round = 0; round < 5; round += 1) {
      writeFiles(folder, { 'src/b.rs': FUNCTIONS('beta').replace('x * 3', `x * 3 + ${round}`) });
      expect(await embedded(index)).toBe(1);
      await inOrder();
    }
  });
});

describe('others', () => {
  test('what another one indexes meanwhile gets its vectors from who is at it', async () => {
    const other = countingEmbedder();
    let notices: readonly { readonly code: string }[] = [];
    const interrupted = {
      ...embedder,
      async embedPassages(passages: readonly Passage[]) {
        if (notices.length === 0) {
          writeFiles(folder, { 'src/a.rs': FUNCTIONS('gamma') });
          ({ notices } = await indexWith(home, folder, other));
        }
        return embedder.embedPassages(passages);
      },
    };
    expect((await indexWith(home, folder, interrupted)).notices).toEqual([]);
    expect(notices.map(({ code }) => code)).toEqual(['vectors-missing']);
    expect(other.texts).toEqual([]);
    await inOrder();
  });

  test('a table that another one has made anew is read', async () => {
    await index();
    await withVectors(placeOf(home), embedder.id, async (reader) => {
      const before = await reader.stored();
      rmSync(placeOf(home).vectors, { recursive: true });
      await index();
      expect((await reader.stored()).map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort());
      expect(await reader.nearest(new Float32Array(384).fill(0.05), 5)).toHaveLength(5);
    });
  });
});

describe('damage', () => {
  /** Random files of the table, the same in each run. */
  const someFiles = (below: string): string[] => {
    const table = tableFolder(placeOf(home), embedder.id);
    return readdirSync(join(table, below)).map((name) => join(table, below, name));
  };
  const spoiled: readonly (readonly [string, () => unknown])[] = [
    ['a data file is gone', () => rmSync(someFiles('data')[0] as string)],
    ['a data file is torn', () => truncateSync(someFiles('data')[0] as string, 500)],
    ['a data file is empty', () => truncateSync(someFiles('data')[0] as string, 0)],
    ['all data files are gone', () => someFiles('data').forEach((path) => rmSync(path))],
    ['the newest version is gone', () => rmSync(someFiles('_versions').sort()[0] as string)],
    ['the newest version is torn', () => truncateSync(someFiles('_versions').sort()[0] as string, 20)],
    ['all versions are gone', () => someFiles('_versions').forEach((path) => rmSync(path))],
    ['the table is gone', () => rmSync(tableFolder(placeOf(home), embedder.id), { recursive: true })],
    ['a file stands in its place', () => replaceByFile(tableFolder(placeOf(home), embedder.id))],
    ['a file stands in place of them all', () => replaceByFile(placeOf(home).vectors)],
    ['all are gone', () => rmSync(placeOf(home).vectors, { recursive: true })],
    ['it has other columns', () => otherTable([{ id: 1, vector: new Array(384).fill(0.5), text: 'x' }])],
    ['its ids are texts', () => otherTable([{ ...row(1), id: 'one' }])],
    ['its vectors are short', () => otherTable([{ ...row(1), vector: [0.5, 0.5] }])],
    ['its rows are foreign', () => otherTable([row(7), row(1), row(1), { ...row(8), model_id: 'x' }])],
    ['its rows are of another model', () => foreignModel()],
    ['a row is gone', () => withVectors(placeOf(home), embedder.id, oneGone)],
    ['a row is there twice', () => withVectors(placeOf(home), embedder.id, oneTwice)],
  ];

  function replaceByFile(path: string): void {
    rmSync(path, { recursive: true });
    writeFileSync(path, 'x');
  }
  const row = (id: number) => ({
    ...{ id, vector: Array.from({ length: 384 }, () => 0.05), text: 'x', file_path: 'src/a.rs' },
    ...{ content_hash: 'h', chunk_hash: 'h', model_id: embedder.id, entity_type: 'fn', entity_name: 'x' },
    ...{ language: 'rust', start_line: 1, end_line: 1, module_path: 'a', signature: '', visibility: '' },
    ...{ test: false, words: '' },
  });
  async function otherTable(rows: readonly Record<string, unknown>[]): Promise<void> {
    const { connection } = await connect(placeOf(home).vectors);
    await connection.createTable(embedder.id, [...rows], { mode: 'overwrite' });
    connection.close();
  }
  async function foreignModel(): Promise<void> {
    const { connection } = await connect(placeOf(home).vectors);
    const table = await connection.openTable(embedder.id);
    await table.update({ values: { model_id: 'another', vector: row(1).vector } });
    connection.close();
  }
  type WithVectors = Parameters<typeof withVectors<void>>[2];
  const oneGone: WithVectors = async (vectors) => {
    await vectors.remove([(await vectors.stored())[0]?.id ?? 0]);
  };
  const oneTwice: WithVectors = async (vectors) => {
    const { id = 0, hash = '' } = (await vectors.stored())[0] ?? {};
    const [vector] = [...(await vectors.vectorsOf([hash])).values()];
    const rows = newColumns(1);
    rows.add({ ...row(id), vector: vector as Float32Array, chunk_hash: hash });
    await vectors.add(rows);
  };

  test.each(spoiled)('%s: index mends it', async (_, spoil) => {
    await index();
    const before = await search('Scales by 3', 'vector');
    await spoil();
    await index();
    await inOrder();
    expect(await search('Scales by 3', 'vector')).toEqual(before);
  });

  test.each(spoiled)('%s: a search mends it, or says what does', async (_, spoil) => {
    await index();
    const before = await search('Scales by 3');
    expect(withVector(before)).toBe(10);
    await spoil();
    const report = await search('Scales by 3');
    if (codes(report).length === 0) expect(report).toEqual(before);
    else {
      expect(report.notices).toEqual([
        { code: 'vectors-unusable', message: expect.stringContaining('Run: rustassistant index') as string },
      ]);
      expect(report.results.length).toBeGreaterThan(0);
    }
    expect(await search('Scales by 3')).toEqual(before);
    await inOrder();
  });

  test.each(spoiled)('%s: without a sync a search answers, and tells what is missing', async (_, spoil) => {
    await index();
    const before = await search('Scales by 3');
    await spoil();
    const report = await search('Scales by 3', 'hybrid', 'never');
    expect(report.results.length).toBe(before.results.length);
    if (withVector(report) < 10) expect(codes(report)).toHaveLength(1);
  });

  test('search.db is gone or damaged: what was embedded is kept', async () => {
    await index();
    const chunks = await inOrder();
    const before = await search('Scales by 3');
    const { search: database } = placeOf(home);
    for (const spoil of [
      () => ['', '-wal', '-shm'].forEach((end) => rmSync(`${database}${end}`, { force: true })),
      () => writeFileSync(database, 'no database, but long enough to have a header of one'),
      () => truncateSync(database, Math.floor(statSync(database).size / 8192) * 4096),
    ]) {
      spoil();
      expect(await embedded(index)).toBe(0);
      expect(await inOrder()).toBe(chunks);
      expect((await search('Scales by 3')).results).toEqual(before.results);
    }
  });

  test('an older state of the table', async () => {
    await index();
    const { vectors } = placeOf(home);
    cpSync(vectors, `${vectors}.old`, { recursive: true });
    writeFiles(folder, { 'src/a.rs': FUNCTIONS('gamma') });
    await index();
    rmSync(vectors, { recursive: true });
    renameSync(`${vectors}.old`, vectors);
    expect(codes(await search('gamma'))).toEqual([]);
    await inOrder();
  });
});

describe('upkeep', () => {
  const bytesOf = (path: string): number =>
    readdirSync(path, { recursive: true, encoding: 'utf8' })
      .map((name) => statSync(join(path, name)))
      .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
  const GRACE = 2 * 60 * 1000;

  // Two hundred runs take half a minute on a busy machine.
  test(
    'after many edits the folder is as small as a new one, and readable all the while',
    { timeout: 180_000 },
    async () => {
      let clock = 0;
      let round = 0;
      const now = (): number => Date.now() + clock;
      const { vectors: path } = await index().then(() => placeOf(home));
      /** Edits, so many ms apart; the largest the folder has been. */
      const edit = async (times: number, apartMs: number): Promise<number> => {
        let largest = 0;
        for (const end = round + times; round < end; clock += apartMs) {
          writeFiles(folder, { 'src/b.rs': FUNCTIONS('beta').replace('x * 3', `x * 3 + ${(round += 1)}`) });
          await index(folder, now);
          largest = Math.max(largest, bytesOf(path));
        }
        return largest;
      };
      await withVectors(placeOf(home), embedder.id, async (reader) => {
        const atOnce = await edit(100, 0);
        clock += GRACE;
        await edit(2, GRACE);
        const apart = await edit(100, GRACE / 10);
        expect(apart).toBeLessThan(atOnce / 2);
        expect((await reader.stored()).length).toBe(await reader.count());
        for (let period = 0; period < 2; period += 1) {
          clock += GRACE;
          await index(folder, now);
          expect(await reader.nearest(new Float32Array(384).fill(0.05), 5)).toHaveLength(5);
        }
      });
      await inOrder();
      const kept = bytesOf(path);
      rmSync(path, { recursive: true });
      await index();
      expect(kept / bytesOf(path)).toBeLessThanOrEqual(1.5);
    },
  );

  test('what is in order is not looked at again', async () => {
    await index();
    await search('Scales');
    const table = tableFolder(placeOf(home), embedder.id);
    const versions = (): string[] => readdirSync(join(table, '_versions'));
    const before = versions();
    const hint = readFileSync(join(table, '_versions', 'latest_version_hint.json'), 'utf8');
    await search('Scales');
    expect(versions()).toEqual(before);
    expect(readFileSync(join(table, '_versions', 'latest_version_hint.json'), 'utf8')).toBe(hint);
  });
});
