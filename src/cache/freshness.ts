/**
 * Whether a file read by a sync that began at `syncStartMs` may still change without a new stamp: its last
 * modification is not older than that by more than the file system's granularity (git's "racy" rule).
 */
export function isRacy(modifiedMs: number, syncStartMs: number, granularityMs: number): boolean {
  return modifiedMs + granularityMs >= syncStartMs;
}
