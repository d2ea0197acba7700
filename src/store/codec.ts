import type * as NodeZlib from 'node:zlib';
import { DICTIONARY_1 } from './dictionary.ts';

/**
 * The first byte of a blob. What is paid for is written by deflate with our dictionary: every supported Node reads
 * it with nothing installed. Of the results of 3,600 real files it leaves 18 % (of their facts 30 %), zstd without
 * a dictionary 34 % (40 %); with one it is unknown to Node before 22.15. Large results that can be made again are
 * written by zstd where Node brings it: as small as deflate's, in a third of the time.
 */
const RAW = 0;
const ZSTD = 1;
const DEFLATE_1 = 2;

/** A blob that claims to be more is a bomb or damaged. */
const MAX_BYTES = 32 * 1024 * 1024;

/** From here on a dictionary of 4 kB gains nothing. */
const LARGE_BYTES = 16 * 1024;

/** So much and the dictionary lie in a window of 8 kB, which is set up in a third less time than the usual one. */
const SMALL_BYTES = 4 * 1024;
const SMALL_WINDOW_BITS = 13;

/** Deflate's fastest takes half the time of its usual one and leaves a tenth more. */
const LEVELS = { paid: 6, derived: 1 } as const;

/** A blob with its checksum. */
export interface Packed {
  readonly blob: Uint8Array;
  readonly checksum: string;
}

export interface Codec {
  /**
   * A JSON object, compressed. `paid` must be readable by every Node; `derived` may be lost to an older one. Throws
   * where there is more of it than `decode` would read.
   */
  pack(value: object, kind: 'paid' | 'derived'): Packed;
  /** 16 hex digits of xxh64 over the whole blob: finds damage, not malice. */
  checksum(blob: Uint8Array): string;
  /** What was encoded, or null for anything that cannot be trusted: a miss, never an error. */
  decode<Value extends object>(blob: Uint8Array, checksum: string): Promise<Value | null>;
}

type Zlib = typeof NodeZlib & {
  /** Since Node 22.15; `@types/node` of Node 20 lacks them. */
  readonly zstdCompressSync?: (data: Buffer) => Buffer;
  readonly zstdDecompressSync?: (data: Buffer, options: { readonly maxOutputLength: number }) => Buffer;
};

/** Loads zlib and the checksum's wasm (about 3 ms): a run where nothing has changed needs neither. */
async function openCodec(): Promise<Codec> {
  const zlib: Zlib = await import('node:zlib');
  const { default: xxhash } = await import('xxhash-wasm');
  const { h64Raw } = await xxhash();
  const dictionary = Buffer.from(DICTIONARY_1);
  const checksum = (blob: Uint8Array) => h64Raw(blob).toString(16).padStart(16, '0');
  return {
    pack(value, kind) {
      const raw = Buffer.from(JSON.stringify(value));
      if (raw.length > MAX_BYTES) throw new Error(`it has more to store than ${MAX_BYTES} bytes`);
      const blob = encode(zlib, raw, kind, dictionary);
      return { blob, checksum: checksum(blob) };
    },
    checksum,
    async decode<Value extends object>(blob: Uint8Array, expected: string) {
      if (checksum(blob) !== expected) return null;
      try {
        const value: unknown = JSON.parse((await unpack(zlib, blob, dictionary)).toString('utf8'));
        return typeof value === 'object' ? (value as Value | null) : null;
      } catch {
        // Whatever is wrong with it (another codec's byte, a cut stream, no JSON), it is no answer.
        return null;
      }
    },
  };
}

let opened: Promise<Codec> | undefined;

/** This thread's codec, opened when it is first needed. */
export function codec(): Promise<Codec> {
  return (opened ??= openCodec());
}

function encode(zlib: Zlib, raw: Buffer, kind: 'paid' | 'derived', dictionary: Buffer): Uint8Array {
  if (kind === 'derived' && raw.length >= LARGE_BYTES && zlib.zstdCompressSync !== undefined) {
    return tagged(ZSTD, zlib.zstdCompressSync(raw));
  }
  const windowBits = raw.length < SMALL_BYTES ? SMALL_WINDOW_BITS : zlib.constants.Z_DEFAULT_WINDOWBITS;
  const packed = zlib.deflateRawSync(raw, { level: LEVELS[kind], dictionary, windowBits });
  return packed.length < raw.length ? tagged(DEFLATE_1, packed) : tagged(RAW, raw);
}

/** In memory of its own: a slice of Node's pool would take the whole pool along into another thread. */
function tagged(byte: number, data: Buffer): Uint8Array {
  const blob = new Uint8Array(1 + data.length);
  blob[0] = byte;
  blob.set(data, 1);
  return blob;
}

async function unpack(zlib: Zlib, blob: Uint8Array, dictionary: Buffer): Promise<Buffer> {
  const data = Buffer.from(blob.buffer, blob.byteOffset + 1, blob.byteLength - 1);
  switch (blob[0]) {
    case RAW:
      return data;
    case DEFLATE_1:
      return zlib.inflateRawSync(data, { dictionary, maxOutputLength: MAX_BYTES });
    case ZSTD:
      return unpackZstd(zlib, data);
    default:
      throw new Error(`unknown codec ${blob[0]}`);
  }
}

async function unpackZstd(zlib: Zlib, data: Buffer): Promise<Buffer> {
  if (zlib.zstdDecompressSync !== undefined) {
    return zlib.zstdDecompressSync(data, { maxOutputLength: MAX_BYTES });
  }
  // This one sets no bound, so the frame must say how much it holds; a frame that lies fails in there.
  if (zstdContentSize(data) > MAX_BYTES) throw new Error('too large');
  const { decompress } = await import('@mongodb-js/zstd');
  return decompress(data);
}

/** What a zstd frame's header says that it holds (RFC 8878 §3.1.1.1); Infinity where it does not say. */
export function zstdContentSize(frame: Buffer): number {
  if (frame.length < 18 || frame.readUInt32LE(0) !== 0xfd2fb528) return Infinity;
  const descriptor = frame.readUInt8(4);
  const single = (descriptor & 0x20) !== 0;
  const at = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] as number);
  switch (descriptor >> 6) {
    case 0:
      return single ? frame.readUInt8(at) : Infinity;
    case 1:
      return frame.readUInt16LE(at) + 256;
    case 2:
      return frame.readUInt32LE(at);
    default:
      return Number(frame.readBigUInt64LE(at));
  }
}
