import type { Notice } from '../types/run.ts';
import type { FileRole } from '../types/source.ts';
import type { AuditedSite } from '../unsafe/audit.ts';
import type { UnsafeKind } from '../unsafe/site.ts';

export interface UnsafeSite extends AuditedSite {
  /** A command that may show undefined behaviour; printed, never run. Null where it would tell nothing. */
  readonly miri: string | null;
}

/** A file that holds the word `unsafe`, or of which it is not known. */
export interface UnsafeFile {
  /** Of the repository, absolute. */
  readonly root: string;
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly role: FileRole | null;
  readonly sites: readonly UnsafeSite[];
  /** Why there may be more than is listed; absent where the file was read whole. */
  readonly problem?: string;
}

/** How many places of each kind; a kind that does not occur is left out. */
export type KindCounts = Readonly<Partial<Record<UnsafeKind, number>>>;

export interface UnsafeSummary {
  readonly files: {
    readonly found: number;
    /** That hold unsafe code. */
    readonly unsafe: number;
    /** Not read, or not read whole: how much unsafe code they hold is unknown. */
    readonly unknown: number;
  };
  readonly code: KindCounts;
  readonly tests: KindCounts;
  /** Of the code without its tests. */
  readonly withoutComment: number;
  readonly withoutContract: number;
  /** Requirements of what is called that no comment mentions. */
  readonly unmentioned: number;
}

export interface UnsafeReport {
  readonly schemaVersion: number;
  readonly summary: UnsafeSummary;
  /** By path, repository by repository. */
  readonly files: readonly UnsafeFile[];
  readonly notices: readonly Notice[];
}
