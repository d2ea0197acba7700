/** Names that say only what part a file plays: the folder around it tells what it is about. */
const ROLE_NAMES: ReadonlySet<string> = new Set(['mod', 'lib', 'main']);
/** Folders that are in every package. */
const LAYOUT: ReadonlySet<string> = new Set(['src', 'crates']);

/** The segments of a file's path that say something, the file's own name last: `tokio/src/net/mod.rs` → tokio, net. */
export function segmentsOf(path: string): string[] {
  const segments = path.replace(/\.rs$/, '').split('/');
  const kept = segments.filter((segment) => !LAYOUT.has(segment));
  const last = kept.at(-1);
  if (last !== undefined && ROLE_NAMES.has(last) && kept.length > 1) kept.pop();
  return kept;
}

/** The name that a file goes by: its own, or its folder's where its own is `mod`, `lib` or `main`. */
export function fileName(path: string): string {
  return segmentsOf(path).at(-1) ?? '';
}

/** A file's path as text to be split into words. */
export function fileWords(path: string): string {
  return segmentsOf(path).join(' ');
}
