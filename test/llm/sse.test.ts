import fc from 'fast-check';
import { expect, test } from 'vitest';

import { sseData } from '../../src/llm/sse.ts';

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size = text.length): Promise<string[]> {
  const data: string[] = [];
  for await (const each of sseData(pieces(text, size))) data.push(each);
  return data;
}

test.each([
  ['data: a\n\ndata: b\n\n', ['a', 'b']],
  ['data:a\r\n\r\ndata: b\r\rdata: c\n\n', ['a', 'b', 'c']],
  ['data: a\ndata: b\n\n', ['a\nb']],
  [': comment\nid: 1\nevent: x\nretry: 5\ndata: a\n\n', ['a']],
  ['\n\n\ndata: a\n\n\n\n', ['a']],
  ['data: whole\n\ndata: cut', ['whole', 'cut']],
  ['data:  é🦀\n\n', [' é🦀']],
  ['', []],
])('%j holds %j', async (text, expected) => {
  for (const size of [1, 2, 3, 7, 1_000]) expect(await read(text, size)).toEqual(expected);
});

test('how the bytes are cut makes no difference', async () => {
  const line = fc.constantFrom('data: a', 'data: é🦀', 'event: x', '', '\r');
  const ending = fc.constantFrom('\n', '\r\n', '\r');
  const text = fc.array(fc.tuple(line, ending)).map((lines) => lines.flat().join(''));
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (stream, size) => {
      expect(await read(stream, size)).toEqual(await read(stream, stream.length || 1));
    }),
  );
});

test('a line without end is refused', async () => {
  await expect(read(`data: ${'x'.repeat(5 * 1024 * 1024)}`, 65_536)).rejects.toThrow(RangeError);
});
