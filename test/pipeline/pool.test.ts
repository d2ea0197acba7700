import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ParseInput, ParserPool } from '../../src/pipeline/pool.ts';
import { createPool } from '../../src/pipeline/pool.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'rustassistant-pool-')));
afterAll(() => rmSync(root, { recursive: true }));

let pool: ParserPool;
beforeEach(() => {
  pool = createPool();
});
afterEach(() => pool.close());

/** `count` files of about `bytes` bytes. */
function files(folder: string, count: number, bytes: number): ParseInput[] {
  mkdirSync(join(root, folder), { recursive: true });
  return Array.from({ length: count }, (_, at) => {
    const path = `${folder}/f${at}.rs`;
    const text = `pub fn f${at}() -> usize { ${at} }\n`.padEnd(bytes, '// padding\n');
    writeFileSync(join(root, path), text);
    return { path, role: 'library', size: text.length };
  });
}

const source = { root, maxFileSize: 1 << 20 };

describe.each([
  ['a few files, here', 3, 100],
  ['many, in threads', 60, 8_000],
  ['large ones', 3, 300_000],
])('%s', (name, count, bytes) => {
  test('each is heard of once', async () => {
    const inputs = files(`once ${name}`, count, bytes);
    const heard: string[] = [];
    await pool.each('outline', source, inputs, (outcome) => {
      expect(outcome).toMatchObject({ kind: 'done', value: { problem: null } });
      heard.push(outcome.path);
    });
    expect(heard.sort()).toEqual(inputs.map(({ path }) => path).sort());
  });

  test('what goes wrong with an outcome ends the job, and nothing more is heard', async () => {
    const inputs = files(`wrong ${name}`, count, bytes);
    let heard = 0;
    const job = pool.each('outline', source, inputs, () => {
      heard += 1;
      throw new Error('the disk is full');
    });
    await expect(job).rejects.toThrow('the disk is full');
    const then = heard;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard).toBe(then);
  });

  test('an interrupt begins no further batch', async () => {
    const inputs = files(`interrupt ${name}`, count, bytes);
    const interrupt = new AbortController();
    let heard = 0;
    await pool.each('outline', { ...source, signal: interrupt.signal }, inputs, () => {
      heard += 1;
      interrupt.abort();
    });
    expect(heard).toBeGreaterThan(0);
    expect(heard).toBeLessThanOrEqual(count);
  });

  test('what is no text is skipped under its reason', async () => {
    const inputs = files(`odd ${name}`, count, bytes);
    const [first] = inputs as [ParseInput];
    writeFileSync(join(root, first.path), Buffer.from([0xff, 0xfe, 0x00]));
    const reasons: string[] = [];
    await pool.each('outline', source, inputs, (outcome) => {
      if (outcome.kind === 'skipped') reasons.push(outcome.reason);
    });
    expect(reasons).toEqual(['not-utf8']);
  });
});

test('nothing to do is done at once', async () => {
  await pool.each('outline', source, [], () => expect.unreachable());
});

test('a render looks at no other content than the planned one', async () => {
  const [input] = files('render', 1, 100) as [ParseInput];
  for (const contentHash of ['0'.repeat(64), null]) {
    await pool.each('render', source, [{ ...input, contentHash }], (outcome) => {
      expect(outcome).toMatchObject({ kind: 'done', value: { units: [] } });
    });
  }
});

test('what cannot be handed to a thread fails, with the reason', async () => {
  const broken = { ...source, maxFileSize: Symbol('not cloneable') as unknown as number };
  const inputs = files('broken', 40, 8_000);
  const failed: string[] = [];
  await pool.each('outline', broken, inputs, (outcome) => {
    if (outcome.kind === 'failed') failed.push(outcome.message);
  });
  expect(failed).toHaveLength(40);
  expect(new Set(failed)).toEqual(new Set([expect.stringContaining('could not be cloned')]));
});

test('a record brings the chunks along, but for content that is known', async () => {
  const inputs = files('chunks', 2, 100);
  const chunks = async (more: object, contentHash: string | null = null) => {
    const found = new Map<string, { readonly hash: string; readonly chunks: number | null }>();
    const known = inputs.map((input, at) => ({ ...input, contentHash: at === 0 ? contentHash : 'another' }));
    await pool.each('record', { ...source, ...more }, known, (outcome) => {
      if (outcome.kind !== 'done') throw new Error(outcome.kind);
      const { record, chunked } = outcome.value;
      const own = { hash: record.contentHash, chunks: chunked?.file.chunks.length ?? null };
      found.set(outcome.path, own);
    });
    return inputs.map(({ path }) => found.get(path));
  };
  const [first, second] = await chunks({});
  expect([first?.chunks, second?.chunks]).toEqual([null, null]);
  expect(await chunks({ chunks: true })).toMatchObject([{ chunks: 2 }, { chunks: 2 }]);
  expect(await chunks({ chunks: true }, first?.hash)).toMatchObject([{ chunks: null }, { chunks: 2 }]);
});

test('a large file is not what all wait for in the end', async () => {
  const inputs = [...files('many small', 300, 8_000), ...files('one large', 1, 300_000)];
  const heard: string[] = [];
  await pool.each('outline', source, inputs, ({ path }) => void heard.push(path));
  expect(heard).toHaveLength(301);
  expect(heard.at(-1)).toContain('small');
});
