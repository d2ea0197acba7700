import type { LocalDifference, LocalState } from '../report/why-model.ts';
import type { FileRow } from '../store/files.ts';
import type { RepoFile } from '../types.ts';
import { LOCAL_VERSION } from '../version.ts';
import type { StoredFacts } from './edits.ts';

export interface LocalInput {
  /** What is stored of the file; null where it was never seen. */
  readonly row: FileRow | null;
  /** What its parse left behind; null where that cannot be read. */
  readonly before: StoredFacts | null;
  readonly file: RepoFile;
  readonly contentHash: string;
  readonly rulesHash: string;
}

/** What the next run does with the stored parse, by the same comparisons as the run. */
export function localState({ row, before, file, contentHash, rulesHash }: LocalInput): LocalState {
  if (row === null) return { state: 'parse', reasons: [plain('file', 'the file was never analysed')] };
  const reasons: LocalDifference[] = [
    ...differing('content', 'its content', row.contentHash, contentHash),
    ...differing('role', 'its role in the package', row.role, file.role),
    ...differing('rules', 'the settings of the rules', row.rulesHash, rulesHash),
    ...differing('version', 'our local analysis', `version ${row.localVersion}`, `version ${LOCAL_VERSION}`),
  ];
  if (before === null && row.contentHash !== null) {
    reasons.push(plain('stored', 'what is stored of it is damaged or of an older format'));
  }
  if (reasons.length > 0) return { state: 'parse', reasons };
  return { state: row.stamp === file.stamp ? 'unchanged' : 'touched' };
}

function plain(factor: LocalDifference['factor'], label: string): LocalDifference {
  return { factor, label, before: null, after: null };
}

function differing(
  factor: LocalDifference['factor'],
  label: string,
  before: string | null,
  after: string,
): LocalDifference[] {
  return before === after ? [] : [{ factor, label, before: short(before), after: short(after) }];
}

function short(value: string | null): string | null {
  return value !== null && /^[0-9a-f]{16,64}$/.test(value) ? value.slice(0, 12) : value;
}
