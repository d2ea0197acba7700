import type { KeyFactors } from '../cache/key.ts';
import { fileKey, itemKey, shortHash } from '../cache/key.ts';
import type { Lens } from '../lens/lens.ts';
import type { FileRow } from '../store/files.ts';
import type { FileRole } from '../types/source.ts';
import type { AskedUnit, Unit } from '../types/unit.ts';
import { LOCAL_VERSION } from '../version.ts';
import type { StoredFacts, StoredUnit } from './edits.ts';
import type { OpenRepository } from './repository.ts';

/** Factors that all items of a run share. */
export type SharedFactors = Omit<KeyFactors, 'itemHash' | 'contextDigest'>;

/** One question that is asked of the model about a repository's files. */
export interface LensQuestion {
  readonly lens: Lens;
  readonly shared: SharedFactors;
  /** Whether test code is sent too. */
  readonly includeTests: boolean;
  /** The units of a file that are asked about, as they are asked. */
  readonly asks: (row: AskedFile, facts: StoredFacts) => Promise<readonly (StoredUnit & AskedUnit)[]>;
  /** How many units of a file are asked about; null where its answers alone would tell. */
  readonly count: (row: FileRow) => number | null;
  /** What its answers hang on that no file tells by itself: where it changes, files are looked at again. `''`: nothing. */
  readonly digest: string;
}

/** What of a file decides whether its units are asked about. */
export type AskedFile = Pick<FileRow, 'path' | 'role' | 'generated'>;

/** What a repository's merged results hang on, whatever is asked. */
export type LocalPart = Pick<OpenRepository, 'rulesHash'> & { readonly dismissed: { readonly hash: string } };

/** What settles a file's merged result beside its content: local rules, what was dismissed, the questions asked. */
export function variantOf(questions: readonly LensQuestion[], { rulesHash, dismissed }: LocalPart): string {
  const local = { localVersion: LOCAL_VERSION, rulesHash, dismissed: dismissed.hash };
  const [only, ...others] = questions.map(({ includeTests, shared, digest }) => ({
    includeTests,
    shared: { ...shared },
    ...(digest === '' ? {} : { digest }),
  }));
  if (only === undefined) return shortHash(local);
  return shortHash(others.length === 0 ? { ...local, ...only } : { ...local, asked: [only, ...others] });
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
