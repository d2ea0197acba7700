/** Files, and places in them. Data only: no behaviour. */

/** What part a file plays in its Cargo package; only `library` code is held to library rules. */
export type FileRole = 'library' | 'binary' | 'test' | 'example' | 'bench' | 'build';

/** Why a file was found but not analysed. The reason is counted and shown, never silent. */
export type SkipReason =
  'too-large' | 'binary' | 'not-utf8' | 'name-not-utf8' | 'symlink' | 'not-a-file' | 'unreadable';

/** What the disk says of a file without reading it. */
export interface FileStat {
  /** Size, mtime and ctime in nanoseconds, and inode, as one comparable string. */
  readonly stamp: string;
  /** Bytes. */
  readonly size: number;
  /** The later of mtime and ctime, milliseconds since the epoch: decides whether a stamp is racy. */
  readonly modifiedMs: number;
}

export interface RepoFile extends FileStat {
  /** Relative to the repository root, with `/`. */
  readonly path: string;
  readonly role: FileRole;
}

export interface SkippedFile {
  readonly path: string;
  readonly reason: SkipReason;
}

/** A half-open range of UTF-16 offsets into the file's text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Lines and columns are 1-based; columns count Unicode code points; the end is exclusive. */
export interface Position {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}
