import type { GitOptions } from './git.ts';
import { git, partialClone } from './git.ts';
import type { Root } from './root.ts';

/** `<id> <type> <size>`, or `<id> missing` (git-cat-file(1), "BATCH OUTPUT"). */
const HEAD = /^(\S+) (?:blob (\d+)|.*)$/;

/**
 * The contents of blobs by their ids; those of more than `maxBytes` are left out. Throws
 * ExternalError as in `git`.
 */
export async function readBlobs(
  root: Root,
  ids: readonly string[],
  { maxBytes, ...options }: GitOptions & { readonly maxBytes: number },
): Promise<Map<string, Buffer>> {
  const wanted = await ofSize(root, [...new Set(ids)], maxBytes, options);
  const blobs = new Map<string, Buffer>();
  if (wanted.length === 0) return blobs;
  const output = await git(root, ['cat-file', '--batch'], { ...options, input: listed(wanted) });
  for (let at = 0; at < output.length;) {
    const begin = output.indexOf('\n', at) + 1;
    const { id, bytes } = headOf(root, output.toString('latin1', at, begin - 1));
    blobs.set(id, output.subarray(begin, begin + bytes));
    at = begin + bytes + 1;
  }
  return blobs;
}

async function ofSize(root: Root, ids: readonly string[], maxBytes: number, options: GitOptions) {
  if (ids.length === 0) return [];
  const answer = await git(root, ['cat-file', '--batch-check'], { ...options, input: listed(ids) });
  const heads = answer
    .toString('latin1')
    .trimEnd()
    .split('\n')
    .map((line) => headOf(root, line));
  return heads.filter(({ bytes }) => bytes <= maxBytes).map(({ id }) => id);
}

function headOf(root: Root, line: string): { readonly id: string; readonly bytes: number } {
  const [, id = '', bytes] = HEAD.exec(line) ?? [];
  if (bytes === undefined) throw partialClone(root);
  return { id, bytes: Number(bytes) };
}

function listed(ids: readonly string[]): string {
  return ids.map((id) => `${id}\n`).join('');
}
