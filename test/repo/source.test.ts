import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { fileStat } from '../../src/repo/file-stat.ts';
import { readSource } from '../../src/repo/source.ts';
import { MIB, scratch } from './support.ts';

function readBytes(bytes: Buffer | string, maxFileSize = MIB) {
  return readSource(join(scratch({ 'x.rs': bytes }), 'x.rs'), maxFileSize);
}

describe('readSource', () => {
  it('returns bytes, text and the stat that the walk would see', () => {
    const path = join(scratch({ 'x.rs': 'fn naïve() {}\r\n' }), 'x.rs');
    const source = readSource(path, MIB);
    if (source.kind !== 'text') throw new Error(source.reason);
    expect(source.text).toBe('fn naïve() {}\r\n');
    expect(source.bytes).toEqual(Buffer.from(source.text));
    expect(source.stat).toEqual(fileStat(lstatSync(path, { bigint: true })));
    expect(source.stat.stamp).toMatch(/^16-\d{19}-\d{19}-\d+$/);
  });

  it.each([
    ['an empty file', '', ''],
    ['CRLF', 'a\r\nb', 'a\r\nb'],
    ['a byte order mark, which stays', '\ufefffn a() {}', '\ufefffn a() {}'],
    ['a final line without its end', 'x', 'x'],
  ])('reads %s', (_name, content, text) => {
    expect(readBytes(content)).toMatchObject({ kind: 'text', text });
  });

  it.each([
    ['a NUL byte', Buffer.from('fn a() {}\0'), 'binary'],
    ['Latin-1', Buffer.from('// caf\xe9', 'latin1'), 'not-utf8'],
    ['an overlong form', Buffer.from([0x2f, 0xc0, 0xaf]), 'not-utf8'],
    ['a lone surrogate', Buffer.from([0xed, 0xa0, 0x80]), 'not-utf8'],
    ['a sequence cut at the end', Buffer.from([0x61, 0xe2, 0x82]), 'not-utf8'],
    ['UTF-16, little endian', Buffer.from('\ufefffn', 'utf16le'), 'not-utf8'],
    ['UTF-16, big endian', Buffer.from('\ufefffn', 'utf16le').swap16(), 'not-utf8'],
  ])('skips %s', (_name, bytes, reason) => {
    expect(readBytes(bytes)).toMatchObject({ kind: 'skip', reason });
  });

  it('takes a file of just the largest size, and none above it', () => {
    expect(readBytes('12345', 5).kind).toBe('text');
    expect(readBytes('123456', 5)).toEqual({ kind: 'skip', reason: 'too-large', detail: '6 bytes' });
  });

  it('does not wait for a FIFO, nor read what is no file', async () => {
    const directory = scratch();
    execFileSync('mkfifo', [join(directory, 'x.rs')]);
    expect(readSource(join(directory, 'x.rs'), MIB)).toMatchObject({ reason: 'not-a-file' });
    mkdirSync(join(directory, 'd.rs'));
    expect(readSource(join(directory, 'd.rs'), MIB)).toMatchObject({ reason: 'not-a-file' });
    const server = createServer().listen(join(directory, 's.rs'));
    await new Promise((resolve) => server.once('listening', resolve));
    expect(readSource(join(directory, 's.rs'), MIB)).toMatchObject({ reason: 'not-a-file' });
    await new Promise((resolve) => server.close(resolve));
  });

  it('follows no link', () => {
    const directory = scratch({ 'real.rs': '' });
    symlinkSync('real.rs', join(directory, 'x.rs'));
    expect(readSource(join(directory, 'x.rs'), MIB)).toMatchObject({ reason: 'symlink' });
  });

  it('says why a file cannot be read', () => {
    const directory = scratch({ file: '' });
    const source = readSource(join(directory, 'gone.rs'), MIB);
    expect(source).toMatchObject({ kind: 'skip', reason: 'unreadable' });
    expect(source.kind === 'skip' && source.detail).toMatch(/ENOENT/);
    expect(readSource(join(directory, 'file/x.rs'), MIB)).toMatchObject({ reason: 'unreadable' });
    expect(readSource(join(directory, `${'x'.repeat(300)}.rs`), MIB)).toMatchObject({ reason: 'unreadable' });
  });

  it('gives up on a file that is longer than it says', () => {
    // The kernel announces 0 bytes and delivers more.
    expect(readSource('/proc/self/status', MIB)).toMatchObject({ kind: 'skip', reason: 'unreadable' });
  });

  it('gives up on a file that changes while it is read', async () => {
    const path = join(scratch({ 'x.rs': 'x'.repeat(8 * MIB) }), 'x.rs');
    const touch = `const { utimesSync } = require('fs'); for (;;) utimesSync(${JSON.stringify(path)}, 1, Date.now())`;
    const writer = new Worker(touch, { eval: true });
    await once(writer, 'online');
    // How often the two meet is the scheduler's choice: soon or later each attempt sees a change.
    const changed = () => {
      const source = readSource(path, 9 * MIB);
      return source.kind === 'skip' && source.detail === 'it changed each time it was read';
    };
    const until = performance.now() + 20_000;
    while (!changed() && performance.now() < until);
    expect(performance.now()).toBeLessThan(until);
    await writer.terminate();
    expect(readSource(path, 9 * MIB).kind).toBe('text');
  });
});
