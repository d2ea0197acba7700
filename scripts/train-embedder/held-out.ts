/** What is searched in the evaluation, and what its authors keep beside it: never trained on. */

/** `owner/repository` at its host; a whole owner ends with a slash. */
const REPOSITORIES: readonly string[] = [
  ...['burntsushi/ripgrep', 'tokio-rs/', 'rust-analyzer/', 'rust-lang/rust-analyzer', 'beaconbay/'],
  ...['sharkdp/', 'hyperium/', 'clap-rs/', 'rayon-rs/', 'serde-rs/'],
];
/** By their names, where a manifest names no repository. */
const NAMES =
  /^(?:rg|ripgrep|grep|ignore|globset|tokio|mio|bytes|tracing|rust-analyzer|ra_ap|rowan|ck|bat|fd|hyper|http|h2|clap|rayon|serde)(?:[-_]|$)/;

/** Whether a package belongs to what is evaluated on. `repository`: as its manifest has it; `''` where it has none. */
export function isHeldOut(name: string, repository: string): boolean {
  if (repository === '') return NAMES.test(name);
  const path = repository.toLowerCase().replace(/^\w+:\/\/(?:www\.)?[^/]+\/+/, '');
  return (
    REPOSITORIES.some((one) => path === one || path.startsWith(one.endsWith('/') ? one : `${one}/`)) ||
    REPOSITORIES.some((one) => path === `${one}.git`)
  );
}
