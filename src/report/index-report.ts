import type { Notice } from '../types/run.ts';
import { counted, grouped } from '../util/numbers.ts';
import { printable } from '../util/printable.ts';
import { noteLines } from './blocks.ts';

/** What `index` prints; its JSON is the contract of `schemas/index.schema.json`. */
export interface IndexReport {
  readonly schemaVersion: number;
  readonly repositories: readonly {
    /** sha256 of the root. */
    readonly id: string;
    readonly root: string;
    /** Files that were read for it, and files that are gone. */
    readonly read: number;
    readonly removed: number;
    /** Files that are there and not in the index. */
    readonly skipped: number;
    /** What the index holds now. */
    readonly files: number;
    readonly chunks: number;
  }[];
  readonly notices: readonly Notice[];
}

/** A line for each repository. */
export function indexText({ repositories, notices }: IndexReport): string {
  const lines = repositories.map(({ root, read, removed, skipped, files, chunks }) => {
    const changed = read + removed === 0 ? 'up to date' : `${counted(read, 'file')} read`;
    const gone = removed === 0 ? '' : `, ${removed} gone`;
    const left = skipped === 0 ? '' : `; ${grouped(skipped)} skipped (rustassistant analyze tells why)`;
    const held = `${counted(chunks, 'item')} in ${counted(files, 'file')}`;
    return `${printable(root)}: ${changed}${gone}; ${held}${left}`;
  });
  return `${[...lines, ...noteLines(notices)].join('\n')}\n`;
}
