/** What a run tells of its files and of itself. Data only: no behaviour. */

export type FileStatus = 'analyzed' | 'cached' | 'reused' | 'skipped' | 'failed';

export interface Notice {
  readonly code: string;
  readonly message: string;
}
