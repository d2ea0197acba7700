import type { GitOptions } from './git.ts';
import { git, partialClone } from './git.ts';
import type { Root } from './root.ts';

/** `<id> <type> <size>`, or `<id> missing` (git-cat-file(1), "BATCH OUTPUT"). */
const HEAD = /^(\S+) (?:blob (\d+)|.*)$/;

/** Bytes of contents that are in memory at a time. */
const TOGETHER = 16 * 2 ** 20;

interface BlobHead {
  readonly id: string;
  readonly bytes: number;
}

interface Blob {
  readonly id: string;
  readonly content: Buffer;
}

/**
 * The contents of blobs, each once, some megabytes at a time; those of more than `maxBytes` are left out. Throws
 * ExternalError as in `git`.
 */
export async function* readBlobs(
  root: Root,
  ids: readonly string[],
  { maxBytes, ...options }: GitOptions & { readonly maxBytes: number },
): AsyncGenerator<Blob> {
  for (const batch of batches(await ofSize(root, [...new Set(ids)], maxBytes, options))) {
    const output = await git(root, ['cat-file', '--batch'], { ...options, input: listed(batch) });
    for (let at = 0; at < output.length;) {
      const begin = output.indexOf('\n', at) + 1;
      const { id, bytes } = headOf(root, output.toString('latin1', at, begin - 1));
      yield { id, content: output.subarray(begin, begin + bytes) };
      at = begin + bytes + 1;
    }
  }
}

function* batches(heads: readonly BlobHead[]): Generator<string[]> {
  let batch: string[] = [];
  let total = 0;
  for (const { id, bytes } of heads) {
    if (batch.length > 0 && total + bytes > TOGETHER) {
      yield batch;
      batch = [];
      total = 0;
    }
    batch.push(id);
    total += bytes;
  }
  if (batch.length > 0) yield batch;
}

async function ofSize(
  root: Root,
  ids: readonly string[],
  maxBytes: number,
  options: GitOptions,
): Promise<BlobHead[]> {
  if (ids.length === 0) return [];
  const answer = await git(root, ['cat-file', '--batch-check'], { ...options, input: listed(ids) });
  const heads = answer
    .toString('latin1')
    .trimEnd()
    .split('\n')
    .map((line) => headOf(root, line));
  return heads.filter(({ bytes }) => bytes <= maxBytes);
}

function headOf(root: Root, line: string): BlobHead {
  const [, id = '', bytes] = HEAD.exec(line) ?? [];
  if (bytes === undefined) throw partialClone(root);
  return { id, bytes: Number(bytes) };
}

function listed(ids: readonly string[]): string {
  return ids.map((id) => `${id}\n`).join('');
}
