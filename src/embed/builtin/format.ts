import { createHash } from 'node:crypto';
import { DIMENSIONS } from '../embedder.ts';
import { badModel } from '../fault.ts';
import { isObject } from '../read.ts';
import type { Field } from './fields.ts';
import { FIELDS, GROUPS } from './fields.ts';

/**
 * One file, little-endian: `RAEM`, then a version, the header's length and the body's length (three uint32), the sha256 of
 * all that follows it, the header (JSON), the body. The body is the vocabulary (words apart by line breaks; the words of a
 * row by blanks), then a scale for each row and group (float32, one group after the other), then the rows (int8).
 */
export interface Model {
  /** Names all that the vectors depend on. */
  readonly digest: string;
  readonly header: Header;
  /** The row of each word, in small letters. */
  readonly rows: ReadonlyMap<string, number>;
  /** By group and row: what the row is multiplied by. */
  readonly scales: Float32Array;
  readonly table: Int8Array;
}

export interface Header {
  readonly name: string;
  readonly rows: number;
  readonly dimensions: number;
  readonly vocabularyBytes: number;
  /** What each field of an item weighs. */
  readonly fields: Readonly<Record<Field, number>>;
  readonly licence: string;
  /** sha256 of the list of what it was trained on. */
  readonly trainedOn: string;
}

const MAGIC = 'RAEM';
const VERSION = 1;
const PREFIX = 16 + 32;
const MOST_BYTES = 16 * 2 ** 20;
const MOST_ROWS = 2 ** 16;
const MOST_HEADER_BYTES = 2 ** 16;

/** Throws UserError `bad-model` for anything but a whole file of this version. */
export function readModel(bytes: Uint8Array): Model {
  if (bytes.length < PREFIX || bytes.length > MOST_BYTES) throw broken(`it has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (text(bytes.subarray(0, 4)) !== MAGIC) throw broken('it is no model of this program');
  const version = view.getUint32(4, true);
  if (version !== VERSION) throw broken(`it is of version ${version}, not ${VERSION}`);
  const headerBytes = view.getUint32(8, true);
  const bodyBytes = view.getUint32(12, true);
  if (headerBytes > MOST_HEADER_BYTES || PREFIX + headerBytes + bodyBytes !== bytes.length)
    throw broken('it has not the length that it tells');
  const digest = createHash('sha256').update(bytes.subarray(PREFIX)).digest();
  if (!digest.equals(bytes.subarray(16, PREFIX))) throw broken('its bytes have changed');
  const header = headerOf(bytes.subarray(PREFIX, PREFIX + headerBytes));
  return { digest: digest.toString('hex'), header, ...bodyOf(header, bytes.subarray(PREFIX + headerBytes)) };
}

/** The bytes that `readModel` reads. */
export function writeModel(
  header: Omit<Header, 'rows' | 'dimensions' | 'vocabularyBytes'>,
  {
    words,
    scales,
    table,
  }: {
    readonly words: readonly (readonly string[])[];
    readonly scales: Float32Array;
    readonly table: Int8Array;
  },
): Uint8Array {
  const vocabulary = Buffer.from(words.map((row) => row.join(' ')).join('\n'));
  const whole: Header = {
    ...header,
    rows: words.length,
    dimensions: DIMENSIONS,
    vocabularyBytes: vocabulary.length,
  };
  const head = Buffer.from(JSON.stringify(whole));
  const factors = Buffer.alloc(scales.length * 4);
  scales.forEach((scale, at) => factors.writeFloatLE(scale, at * 4));
  const rest = Buffer.concat([
    head,
    vocabulary,
    factors,
    new Uint8Array(table.buffer, table.byteOffset, table.length),
  ]);
  const prefix = Buffer.alloc(PREFIX);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(VERSION, 4);
  prefix.writeUInt32LE(head.length, 8);
  prefix.writeUInt32LE(rest.length - head.length, 12);
  createHash('sha256').update(rest).digest().copy(prefix, 16);
  return Buffer.concat([prefix, rest]);
}

function headerOf(bytes: Uint8Array): Header {
  const value = parsed(text(bytes));
  if (!isObject(value)) throw broken('its header holds no object');
  const { name, rows, dimensions, vocabularyBytes, fields, licence, trainedOn } = value as Partial<Header>;
  const sound =
    [name, licence, trainedOn].every((said) => typeof said === 'string') &&
    dimensions === DIMENSIONS &&
    [rows, vocabularyBytes].every((count) => Number.isSafeInteger(count) && (count as number) > 0) &&
    (rows as number) <= MOST_ROWS &&
    isObject(fields) &&
    FIELDS.every((field) => Number.isFinite(fields[field]));
  if (!sound) throw broken('its header lacks something');
  return value as unknown as Header;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw broken('its header is no JSON');
  }
}

function bodyOf(
  { rows, dimensions, vocabularyBytes }: Header,
  body: Uint8Array,
): Pick<Model, 'rows' | 'scales' | 'table'> {
  const scaleCount = rows * GROUPS.length;
  if (body.length !== vocabularyBytes + scaleCount * 4 + rows * dimensions)
    throw broken('its parts do not fill it');
  const lines = text(body.subarray(0, vocabularyBytes)).split('\n');
  if (lines.length !== rows) throw broken(`it has ${lines.length} rows of words and ${rows} rows of numbers`);
  const view = new DataView(body.buffer, body.byteOffset + vocabularyBytes);
  const scales = Float32Array.from({ length: scaleCount }, (_, at) => view.getFloat32(at * 4, true));
  if (!scales.every((scale) => Number.isFinite(scale))) throw broken('a scale is no number');
  const table = new Int8Array(
    body.buffer,
    body.byteOffset + vocabularyBytes + scaleCount * 4,
    rows * dimensions,
  );
  return {
    rows: new Map(lines.flatMap((line, row) => line.split(' ').map((word) => [word, row]))),
    scales,
    table,
  };
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function broken(what: string) {
  return badModel(`the bundled embedder cannot be used: ${what}`, 'Install rustassistant anew.');
}
