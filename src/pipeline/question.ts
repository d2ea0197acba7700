import type { KeyFactors } from '../cache/key.ts';
import { fileKey, itemKey, shortHash } from '../cache/key.ts';
import type { Lens } from '../lens/lens.ts';
import type { FileRow } from '../store/files.ts';
import type { FileRole, Unit } from '../types.ts';
import { LOCAL_VERSION } from '../version.ts';
import type { OpenRepository } from './repository.ts';

/** Factors that all items of a run share. */
export type SharedFactors = Omit<KeyFactors, 'itemHash' | 'contextDigest'>;

/** What is asked about a repository's files. */
export type Question =
  | { readonly kind: 'local' }
  | {
      readonly kind: 'lens';
      readonly lens: Lens;
      readonly shared: SharedFactors;
      /** Whether test code is sent too. */
      readonly includeTests: boolean;
    };

/** What a repository's merged results hang on, whatever is asked. */
export type LocalPart = Pick<OpenRepository, 'rulesHash'> & { readonly dismissed: { readonly hash: string } };

/** What settles a file's merged result beside its content: local rules, what was dismissed, and the question asked. */
export function variantOf(question: Question, { rulesHash, dismissed }: LocalPart): string {
  const local = { localVersion: LOCAL_VERSION, rulesHash, dismissed: dismissed.hash };
  if (question.kind === 'local') return shortHash(local);
  return shortHash({ ...local, includeTests: question.includeTests, shared: { ...question.shared } });
}

export function cacheKeyOf(row: Pick<FileRow, 'path' | 'contentHash'>, variant: string): string {
  return fileKey({ path: row.path, contentHash: row.contentHash ?? '', variant });
}

export function factorsOf(shared: SharedFactors, unit: Pick<Unit, 'hash' | 'context'>): KeyFactors {
  return { ...shared, itemHash: unit.hash, contextDigest: unit.context };
}

export function keyOf(shared: SharedFactors, unit: Pick<Unit, 'hash' | 'context'>): string {
  return itemKey(factorsOf(shared, unit));
}

/** Whether a file's code may be sent at all: generated code never is, tests and benches where asked for. */
export function sendsFile(role: FileRole, generated: boolean, includeTests: boolean): boolean {
  return !generated && (includeTests || (role !== 'test' && role !== 'bench'));
}

/** How many units of a file are asked about. */
export function sentUnits(row: FileRow, includeTests: boolean): number {
  if (!sendsFile(row.role, row.generated, includeTests)) return 0;
  return includeTests ? row.units : row.units - row.testUnits;
}
