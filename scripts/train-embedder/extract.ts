/** All pairs of all packages, parsed in threads, kept by shares so that a broken off run goes on. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pair } from './pairs.ts';
import { answerOf, startThread } from './thread.ts';

/** Rust files of one folder. */
export interface Code {
  readonly folder: string;
  readonly files: readonly string[];
}

/** Some packages, and the file that their pairs go to. */
export interface Share {
  readonly packages: readonly (Code & { readonly number: number })[];
  readonly path: string;
}

export interface PairOf extends Pair {
  /** Number of its package. */
  readonly package: number;
}

const PACKAGES = 40;

/** Writes what is missing of the shares into `folder`; returns their paths, in the packages' order. */
export async function extract(
  packages: readonly Code[],
  folder: string,
  threads: number,
  say: (line: string) => void,
): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const numbered = packages.map(({ folder: from, files }, number) => ({ number, folder: from, files }));
  const shares: Share[] = [];
  for (let at = 0; at < numbered.length; at += PACKAGES)
    shares.push({ packages: numbered.slice(at, at + PACKAGES), path: join(folder, `${at}.jsonl`) });
  const left = shares.filter(({ path }) => !existsSync(path));
  let done = shares.length - left.length;
  const lane = async (): Promise<void> => {
    const worker = startThread('./extract-thread.ts');
    for (let share = left.shift(); share !== undefined; share = left.shift()) {
      await answerOf(worker, share);
      say(`parsed ${(done += 1)} of ${shares.length} shares`);
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(threads, left.length) }, lane));
  return shares.map(({ path }) => path);
}

/** The pairs of a share. */
export function readPairs(path: string): PairOf[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PairOf);
}
