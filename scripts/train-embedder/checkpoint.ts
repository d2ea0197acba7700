/** Arrays of numbers in one file, under a key that tells what they belong to. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** `step`: how far they are. The file gets its name when it is whole. */
export function keep(path: string, key: string, step: number, state: readonly Float32Array[]): void {
  const head = Buffer.from(`${JSON.stringify({ key, step })}\n`);
  const bytes = state.map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  writeFileSync(`${path}.part`, Buffer.concat([head, ...bytes]));
  renameSync(`${path}.part`, path);
}

/** Fills the arrays with what was kept, and tells how far it was; null where nothing was kept under this key. */
export function restore(path: string, key: string, state: readonly Float32Array[]): number | null {
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  const end = bytes.indexOf('\n');
  const head = JSON.parse(bytes.toString('latin1', 0, end)) as {
    readonly key: string;
    readonly step: number;
  };
  if (head.key !== key) return null;
  let at = end + 1;
  for (const values of state) {
    values.set(new Float32Array(Uint8Array.from(bytes.subarray(at, at + values.byteLength)).buffer));
    at += values.byteLength;
  }
  return head.step;
}
