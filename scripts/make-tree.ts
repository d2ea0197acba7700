/**
 * Makes a synthetic tree:  tsx scripts/make-tree.ts many-files|huge-file|deep-nesting|tiny-crates FOLDER [SIZE]
 * SIZE: files (50,000), bytes (100 MB), levels (300), crates (10,000).
 */
import { deepNesting, hugeFile, manyFiles, tinyCrates } from '../test/support/rust-tree.ts';

export const EXTREMES = {
  'many-files': { make: manyFiles, size: 50_000 },
  'huge-file': { make: hugeFile, size: 100 * 1024 * 1024 },
  'deep-nesting': { make: deepNesting, size: 300 },
  'tiny-crates': { make: tinyCrates, size: 10_000 },
} as const;

if (process.argv[1] === import.meta.filename) {
  const [kind = '', folder = '', size] = process.argv.slice(2);
  if (!Object.hasOwn(EXTREMES, kind) || folder === '') {
    console.error(`usage: make-tree.ts ${Object.keys(EXTREMES).join('|')} FOLDER [SIZE]`);
    process.exit(2);
  }
  const extreme = EXTREMES[kind as keyof typeof EXTREMES];
  extreme.make(folder, size === undefined ? extreme.size : Number(size));
}
