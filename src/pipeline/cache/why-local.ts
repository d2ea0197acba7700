import type { LocalDifference, LocalState } from '../../report/why-model.ts';
import type { FileRow } from '../../store/files.ts';
import type { RepoFile } from '../../types/source.ts';
import { abbreviated } from '../../util/hash.ts';
import { LOCAL_VERSION } from '../../version.ts';
import type { StoredFacts } from '../edits.ts';

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
    ...localDifferences(row, { role: file.role, rulesHash }),
  ];
  if (before === null && row.contentHash !== null) {
    reasons.push(plain('stored', 'what is stored of it is damaged or of an older format'));
  }
  if (reasons.length > 0) return { state: 'parse', reasons };
  return { state: row.stamp === file.stamp ? 'unchanged' : 'touched' };
}

/** What the stored parse of a file was made by and is not so any more, its content apart. */
export function localDifferences(
  row: Pick<FileRow, 'role' | 'rulesHash' | 'localVersion'>,
  now: Pick<FileRow, 'role' | 'rulesHash'>,
): LocalDifference[] {
  return [
    ...differing('role', 'its role in the package', row.role, now.role),
    ...differing('rules', 'the settings of the rules', row.rulesHash, now.rulesHash),
    ...differing('version', 'our local analysis', `version ${row.localVersion}`, `version ${LOCAL_VERSION}`),
  ];
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
  return before === after
    ? []
    : [{ factor, label, before: before === null ? null : abbreviated(before), after: abbreviated(after) }];
}
