import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Codec } from '../../src/store/codec.ts';
import { codec as openCodec, zstdContentSize } from '../../src/store/codec.ts';
import { DICTIONARY_1 } from '../../src/store/dictionary.ts';
import { sha256 } from '../../src/util/hash.ts';

let codec: Codec;
beforeAll(async () => {
  codec = await openCodec();
});

const read = (blob: Uint8Array) => codec.decode(blob, codec.checksum(blob));

const FINDING = {
  quote: 'let conn = guard.next().await?;',
  severity: 'high',
  category: 'concurrency',
  title: 'Lock held across an await point',
  message: 'The guard is held while the task waits; another task on this thread may deadlock.',
  suggestion: 'Drop the guard before awaiting.',
  start: 120,
  end: 151,
};
const answer = (findings: number) => ({
  status: 'complete',
  findings: Array.from({ length: findings }, (_, at) => ({ ...FINDING, start: at * 77, end: at * 91 })),
  cites: [],
  unanchored: 0,
});
const LARGE = { findings: Array.from({ length: 400 }, (_, at) => ({ ...FINDING, id: sha256(String(at)) })) };

/** Written by Node 24.21 (`zlib.zstdCompressSync`) from `LARGE_SAMPLE`: codec byte, then the frame. */
const ZSTD_OF_NODE_24 = 'ASi1L/1gzVztAACoeyJzYW1wbGUiOiJhYmNkZWZnaCJ9AQBru+0lDA==';
const LARGE_SAMPLE = { sample: 'abcdefgh'.repeat(3000) };

describe('what goes in comes out', () => {
  test.each(['paid', 'derived'] as const)('any JSON, %s', async (kind) => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as object;
        expect(await read(codec.pack(plain, kind).blob)).toEqual(plain);
      }),
      { numRuns: 100 },
    );
  });

  test.each(['paid', 'derived'] as const)('a large one, %s', async (kind) => {
    expect(await read(codec.pack(LARGE, kind).blob)).toEqual(LARGE);
  });
});

describe('how it is written', () => {
  test('paid results so that every Node reads them without a native module', () => {
    expect(codec.pack(answer(2), 'paid').blob[0]).toBe(2);
    expect(codec.pack(LARGE, 'paid').blob[0]).toBe(2);
  });

  test('large derived ones by zstd where Node brings it', () => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const has = major > 22 || (major === 22 && minor >= 15);
    expect(codec.pack(LARGE, 'derived').blob[0]).toBe(has ? 1 : 2);
    expect(codec.pack(answer(2), 'derived').blob[0]).toBe(2);
  });

  test('what does not shrink, as it is', async () => {
    const noise = { a: '¤\u0001þ' };
    expect(codec.pack(noise, 'paid').blob[0]).toBe(0);
    expect(await read(codec.pack(noise, 'paid').blob)).toEqual(noise);
  });

  test('small: the dictionary does what a lone result cannot', () => {
    const size = (value: object) => codec.pack(value, 'paid').blob.length;
    expect(size(answer(0))).toBeLessThan(12);
    expect(size(answer(1)) / JSON.stringify(answer(1)).length).toBeLessThan(0.55);
  });

  test('the dictionary is part of the written format', () => {
    expect(sha256(DICTIONARY_1)).toBe('0fc5a6bbaa1b9e21d67d93ae2d9a5d034ab42f0141258a18ab84ceea4d8f97f3');
  });
});

describe('what cannot be trusted is a miss', () => {
  test('any flipped bit', async () => {
    const blob = codec.pack(answer(1), 'paid').blob;
    const checksum = codec.checksum(blob);
    for (let bit = 0; bit < blob.length * 8; bit += 1) {
      const bad = Uint8Array.from(blob);
      bad[bit >> 3] = (bad[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(await codec.decode(bad, checksum)).toBeNull();
    }
  });

  test('another checksum', async () => {
    const blob = codec.pack(answer(1), 'paid').blob;
    expect(await codec.decode(blob, '0'.repeat(16))).toBeNull();
    expect(await codec.decode(blob, '')).toBeNull();
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a codec of the future', Buffer.from([9, 1, 2])],
    ['no deflate', Buffer.from([2, 255, 255])],
    ['cut', Buffer.concat([Buffer.of(2), deflateRawSync('{"a":"bbbbbbbbbbbb"}').subarray(0, 8)])],
    ['no zstd', Buffer.concat([Buffer.of(1), Buffer.alloc(40)])],
    ['no JSON', Buffer.from('\0{"a":')],
    ['no object', Buffer.from('\0"text"')],
    ['null', Buffer.from('\0null')],
    ['a bomb', Buffer.concat([Buffer.of(2), deflateRawSync(`{"a":"${'b'.repeat(33 * 1024 * 1024)}"}`)])],
  ])('%s, although its checksum is right', async (_, blob) => {
    expect(await read(blob)).toBeNull();
  });

  test('bytes at random', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        const value = await read(bytes);
        expect(value === null || typeof value === 'object').toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('zstd', () => {
  const blob = Buffer.from(ZSTD_OF_NODE_24, 'base64');

  test('of a newer Node is read by every Node', async () => {
    expect(await read(blob)).toEqual(LARGE_SAMPLE);
  });

  test('that claims to be larger than any result is not unpacked', async () => {
    const frame = Buffer.from(blob);
    expect(zstdContentSize(frame.subarray(1))).toBe(JSON.stringify(LARGE_SAMPLE).length);
    const bomb = Buffer.from([1, 0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0x40, ...Array<number>(20).fill(0)]);
    expect(zstdContentSize(bomb.subarray(1))).toBe(0x40000000);
    expect(await read(bomb)).toBeNull();
    // A frame that does not say: no telling what it holds.
    expect(
      zstdContentSize(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, ...Array<number>(20).fill(0)])),
    ).toBe(Infinity);
  });
});
