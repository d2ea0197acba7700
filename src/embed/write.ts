import { createHash } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { badModel } from './fault.ts';
import type { FileRow } from './files.ts';
import type { FileFacts } from './manifest.ts';

/**
 * Writes one file of a model as its bytes come, hashed on the way and flushed to the disk. Throws UserError
 * `bad-model` once there are more than the row allows, and whatever the bytes' source throws.
 */
export async function writeFile(
  folder: string,
  row: FileRow,
  chunks: AsyncIterable<Uint8Array>,
): Promise<FileFacts> {
  const path = join(folder, row.name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // What an attempt before this one has left.
  await rm(path, { force: true });
  const file = await open(path, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > row.maxBytes) throw badModel(`${row.name} is larger than ${row.maxBytes} bytes`);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}
