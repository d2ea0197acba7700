import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { FIELDS, GROUPS } from '../../../src/embed/builtin/fields.ts';
import type { Field } from '../../../src/embed/builtin/fields.ts';
import { readModel, writeModel } from '../../../src/embed/builtin/format.ts';

const PREFIX = 48;
const FACTS = {
  name: 'tiny',
  licence: 'MIT',
  trainedOn: 'nothing',
  fields: Object.fromEntries(FIELDS.map((field, at) => [field, at + 0.5])) as Record<Field, number>,
};

function tiny(): Buffer {
  const words = [['read', 'reads'], ['write']];
  const scales = Float32Array.from({ length: words.length * GROUPS.length }, (_, at) => at / 8);
  const table = Int8Array.from({ length: words.length * 384 }, (_, at) => (at % 255) - 127);
  return Buffer.from(writeModel(FACTS, { words, scales, table }));
}

/** With a digest that fits, whatever was done to the rest. */
function signed(bytes: Buffer): Buffer {
  createHash('sha256').update(bytes.subarray(PREFIX)).digest().copy(bytes, 16);
  return bytes;
}

/** The file with another header of the same length or not. */
function withHeader(change: (json: string) => string): Buffer {
  const bytes = tiny();
  const length = bytes.readUInt32LE(8);
  const header = Buffer.from(change(bytes.toString('latin1', PREFIX, PREFIX + length)));
  const changed = Buffer.concat([bytes.subarray(0, PREFIX), header, bytes.subarray(PREFIX + length)]);
  changed.writeUInt32LE(header.length, 8);
  return signed(changed);
}

test('what was written is read', () => {
  const { header, rows, scales, table, digest } = readModel(tiny());
  expect(header).toMatchObject({ ...FACTS, rows: 2, dimensions: 384 });
  expect([...rows]).toEqual([
    ['read', 0],
    ['reads', 0],
    ['write', 1],
  ]);
  expect([...scales]).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.625]);
  expect([table.length, table[0], table[254]]).toEqual([768, -127, 127]);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
});

describe('refused', () => {
  const refused = (bytes: Uint8Array, why: string) =>
    expect(() => readModel(bytes)).toThrow(
      expect.objectContaining({ code: 'bad-model', message: expect.stringContaining(why) as string }),
    );

  test('any byte that has changed', () => {
    const whole = tiny();
    for (let at = 0; at < whole.length; at += at < 200 ? 1 : 53) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] as number) ^ 0x10;
      refused(bytes, 'cannot be used');
    }
  });

  test('any length but its own', () => {
    const whole = tiny();
    for (const length of [0, 3, 47, 48, 200, whole.length - 1])
      refused(whole.subarray(0, length), 'cannot be used');
    refused(Buffer.concat([whole, Buffer.of(0)]), 'length');
    refused(new Uint8Array(17 * 2 ** 20), '17825792 bytes');
  });

  test('another version, another kind of file', () => {
    const other = tiny();
    other.writeUInt32LE(2, 4);
    refused(other, 'version 2, not 1');
    refused(Buffer.alloc(100), 'no model of this program');
  });

  test('a header that lies, though its digest fits', () => {
    refused(
      withHeader((json) => json.replace('"rows":2', '"rows":3')),
      'do not fill it',
    );
    refused(
      withHeader((json) => json.replace('"rows":2', '"rows":-2')),
      'lacks something',
    );
    refused(
      withHeader((json) => json.replace('"rows":2', '"rows":1e9')),
      'lacks something',
    );
    refused(
      withHeader((json) => json.replace('384', '383')),
      'lacks something',
    );
    refused(
      withHeader((json) => json.replace('"doc":', '"dog":')),
      'lacks something',
    );
    refused(
      withHeader((json) => json.replace(/"vocabularyBytes":\d+/, '"vocabularyBytes":5')),
      'do not fill it',
    );
    refused(
      withHeader(() => '[]'),
      'no object',
    );
    refused(
      withHeader(() => '{'),
      'no JSON',
    );
  });

  test('words that are not as many as rows, scales that are no numbers', () => {
    const lines = tiny();
    lines.write(' ', lines.indexOf('\nwrite'));
    refused(signed(lines), '1 rows of words and 2');
    const scales = tiny();
    scales.writeFloatLE(Number.NaN, scales.length - 768 - 4);
    refused(signed(scales), 'no number');
  });
});
