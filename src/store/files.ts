import { RESULT_SCHEMA, migrated } from '../cache/schema.ts';
import type { FileRole, SkipReason } from '../types/source.ts';
import type { Packed } from './codec.ts';
import { codec } from './codec.ts';
import type { Database, SqlValue } from './database.ts';

/** What is known of a file that was found, without its blobs. */
export interface FileRow {
  /** Relative to the repository's root, with `/`. */
  readonly path: string;
  readonly stamp: string;
  readonly racy: boolean;
  /** Null where it was not read to its end. */
  readonly contentHash: string | null;
  readonly skipReason: SkipReason | null;
  /** Why it could not be parsed; null where it was. */
  readonly failure: string | null;
  readonly role: FileRole;
  readonly generated: boolean;
  readonly lines: number;
  readonly items: number;
  readonly units: number;
  readonly testUnits: number;
  /** The first syntax diagnostic. */
  readonly broken: string | null;
  readonly localVersion: number;
  readonly rulesHash: string;
  /** Milliseconds since the epoch. */
  readonly syncedAt: number;
}

export interface FileToStore extends FileRow {
  /** What the parse left behind, a JSON object as the codec packs it; null where there is none. */
  readonly facts: Packed | null;
}

export interface Stamp {
  readonly path: string;
  /** `''` where the file must be looked at again whatever the disk says of it. */
  readonly stamp: string;
}

/** What tells an unchanged file. */
export interface KnownFile extends Stamp {
  readonly role: FileRole;
}

/** By what a file's stored facts were made. */
export type LocalFactors = Pick<FileRow, 'localVersion' | 'rulesHash'>;

/** Some files by their paths; null is all of the repository. */
export type Paths = readonly string[] | null;

export interface FileSums {
  readonly units: number;
  readonly lines: number;
  /** Files of which a part did not parse. */
  readonly broken: number;
}

/** The part of `analysis.db` that says what the disk and the parser said. */
export interface Files {
  /** Every file; its stamp is `''` where it is racy, was not to be read or parsed, or was parsed under other factors. */
  known(factors: LocalFactors): KnownFile[];
  /** By path. */
  files(paths: Paths): FileRow[];
  /** Those that were not read to their end: skipped or failed. */
  unread(paths: Paths): FileRow[];
  fileSums(paths: Paths): FileSums;
  /** Of the files that were read, by path. */
  contentHashes(): Map<string, string>;
  /** One transaction. A row without facts drops the stored ones. */
  putFiles(files: readonly FileToStore[]): void;
  /** For files that were only touched: same content, new stamp. */
  restamp(rows: readonly (Stamp & { readonly racy: boolean })[]): void;
  /** What was stored beside the file, or null where there is nothing that can be trusted. */
  getFacts<Facts extends object>(path: string): Promise<Facts | null>;
  /** Forgets files with all that hangs on them: those that vanished, or that pruning chose. */
  remove(paths: readonly string[]): void;
}

const COLUMNS = `path, stamp, racy, content_hash AS contentHash, skip_reason AS skipReason, failure, role,
  generated, lines, items, units, test_units AS testUnits, broken, local_version AS localVersion,
  rules_hash AS rulesHash, synced_at AS syncedAt`;

const UPSERT = `INSERT INTO files VALUES (@path, @stamp, @racy, @contentHash, @skipReason, @failure, @role,
    @generated, @lines, @items, @units, @testUnits, @broken, @localVersion, @rulesHash, @syncedAt)
  ON CONFLICT(path) DO UPDATE SET stamp = excluded.stamp, racy = excluded.racy,
    content_hash = excluded.content_hash, skip_reason = excluded.skip_reason, failure = excluded.failure,
    role = excluded.role, generated = excluded.generated, lines = excluded.lines, items = excluded.items,
    units = excluded.units, test_units = excluded.test_units, broken = excluded.broken,
    local_version = excluded.local_version, rules_hash = excluded.rules_hash, synced_at = excluded.synced_at`;

type Stored<Row> = { readonly [Key in keyof Row]: Row[Key] extends boolean ? number : Row[Key] };

interface FactsRow {
  readonly version: number;
  readonly checksum: string;
  readonly facts: Uint8Array;
}

export function filesOf(database: Database): Files {
  const known = database.prepare<KnownFile>(
    `SELECT path, role, CASE WHEN racy OR failure IS NOT NULL OR skip_reason = 'unreadable'
      OR local_version <> @localVersion OR rules_hash <> @rulesHash THEN '' ELSE stamp END AS stamp FROM files`,
  );
  const files = database.prepare<Stored<FileRow>>(
    `SELECT ${COLUMNS} FROM files WHERE ${among('path')} ORDER BY path`,
  );
  const unread = database.prepare<Stored<FileRow>>(
    `SELECT ${COLUMNS} FROM files WHERE content_hash IS NULL AND ${among('path')} ORDER BY path`,
  );
  const sums = database.prepare<FileSums>(
    `SELECT total(units) AS units, total(lines) AS lines, count(broken) AS broken FROM files WHERE ${among('path')}`,
  );
  const hashes = database.prepare<{ readonly path: string; readonly hash: string }>(
    'SELECT path, content_hash AS hash FROM files WHERE content_hash IS NOT NULL',
  );
  const put = database.prepare(UPSERT);
  const restamp = database.prepare('UPDATE files SET stamp = @stamp, racy = @racy WHERE path = @path');
  const remove = database.prepare('DELETE FROM files WHERE path IN (SELECT value FROM json_each(?))');
  const putFacts = database.prepare(`INSERT INTO file_facts VALUES (NULL, @path, @version, @checksum, @blob)
    ON CONFLICT(file_path) DO UPDATE SET schema_version = excluded.schema_version, checksum = excluded.checksum,
      facts = excluded.facts`);
  const dropFacts = database.prepare('DELETE FROM file_facts WHERE file_path = ?');
  const facts = database.prepare<FactsRow>(
    'SELECT schema_version AS version, checksum, facts FROM file_facts WHERE file_path = ?',
  );

  return {
    known: ({ localVersion, rulesHash }) => known.all({ localVersion, rulesHash }),
    files: (paths) => files.all({ paths: listed(paths) }).map(unbound),
    unread: (paths) => unread.all({ paths: listed(paths) }).map(unbound),
    fileSums: (paths) => sums.get({ paths: listed(paths) }) ?? { units: 0, lines: 0, broken: 0 },
    contentHashes: () => new Map(hashes.all().map(({ path, hash }) => [path, hash])),
    putFiles: (files) =>
      database.transaction(() => {
        for (const file of files) {
          put.run(columnsOf(file));
          if (file.facts === null) dropFacts.run(file.path);
          else putFacts.run({ path: file.path, version: RESULT_SCHEMA.current, ...file.facts });
        }
      }),
    restamp(rows) {
      if (rows.length === 0) return;
      database.transaction(() => {
        for (const { path, stamp, racy } of rows) restamp.run({ path, stamp, racy: Number(racy) });
      });
    },
    async getFacts<Facts extends object>(path: string) {
      const row = facts.get(path);
      if (row === undefined) return null;
      const value = await (await codec()).decode(row.facts, row.checksum);
      return value === null ? null : migrated<Facts>(RESULT_SCHEMA, row.version, value);
    },
    remove: (paths) => void (paths.length > 0 && remove.run(JSON.stringify(paths))),
  };
}

/** SQL that holds for the paths that `listed` binds to `@paths`. */
export function among(column: string): string {
  return `(@paths IS NULL OR ${column} IN (SELECT value FROM json_each(@paths)))`;
}

export function listed(paths: Paths): string | null {
  return paths === null ? null : JSON.stringify(paths);
}

/** In place: thousands are read at a time. */
function unbound(row: Stored<FileRow>): FileRow {
  return Object.assign(row, { racy: row.racy === 1, generated: row.generated === 1 });
}

/** The row as bound: exactly the statement's names. */
function columnsOf({ facts: _facts, racy, generated, ...row }: FileToStore): Record<string, SqlValue> {
  return { ...row, racy: Number(racy), generated: Number(generated) };
}
