import { isRacy } from '../cache/freshness.ts';
import type { FileRow, KnownFile } from '../store/files.ts';
import type { Analysis } from '../store/analysis.ts';
import { codec } from '../store/codec.ts';
import type { Progress } from '../report/progress.ts';
import { readSource } from '../repo/source.ts';
import type { RepoFile, SkipReason } from '../types/source.ts';
import type { FileFacts } from '../types/unit.ts';
import { sha256 } from '../util/hash.ts';
import { LOCAL_VERSION } from '../version.ts';
import { carryEdits } from './edits.ts';
import type { StoredFacts } from './edits.ts';
import type { ParserPool, ParseSource } from './pool.ts';
import type { FileRecord } from './record.ts';
import type { Outcome, Recorded } from './jobs.ts';
import type { Indexing } from './search/index.ts';
import { localDifferences } from './cache/why-local.ts';

export interface SyncContext {
  readonly source: ParseSource;
  readonly analysis: Analysis;
  readonly pool: ParserPool;
  /** What is stored of the repository's files, by path. */
  readonly known: ReadonlyMap<string, KnownFile>;
  /** First 16 of sha256 over the source's rules. */
  readonly rulesHash: string;
  /** Milliseconds since the epoch at which the walk began. */
  readonly startedMs: number;
  /**
   * When the repository was last brought up to date as a whole, milliseconds since the epoch; null before. What
   * is new since then is an edit, everything else backlog.
   */
  readonly lastWholeMs: number | null;
  /** Milliseconds within which the file system gives two writes the same time. */
  readonly granularityMs: number;
  readonly progress: Pick<Progress, 'start' | 'advance'>;
  /** Gets the chunks of what is parsed; null: nobody wants them. */
  readonly indexing: Indexing | null;
}

export interface Synced {
  /** Files that are stored now, sorted; less than the walk found where the run was interrupted. */
  readonly paths: readonly string[];
  /** Those of them that had to be parsed for it. */
  readonly parsed: ReadonlySet<string>;
  /** How many rows of files that are gone were removed. */
  readonly removed: number;
}

/** So many parsed files are stored in one transaction: few writes to the disk, little held in memory. */
const BATCH = 256;

/**
 * Brings what is stored of the walked files up to date: stat first, then hash, and only what differs is
 * parsed. A parsed file's result is that of the local rules; what answers add is merged when they are there.
 */
export async function sync(
  context: SyncContext,
  found: readonly RepoFile[],
  gone: (path: string) => boolean,
): Promise<Synced> {
  const { unchanged, touched, stale } = sortOut(context, found);
  if (touched.length > 0) context.analysis.restamp(touched);
  const parsed = stale.length === 0 ? [] : await parseStale(context, stale);
  const removed = [...context.known.keys()].filter(gone);
  if (removed.length > 0) context.analysis.remove(removed);
  const paths = parsed.length === 0 ? unchanged : [...unchanged, ...parsed].sort();
  return { paths, parsed: new Set(parsed), removed: removed.length };
}

/** Compares the cheapest thing first. */
function sortOut(context: SyncContext, found: readonly RepoFile[]) {
  const unchanged: string[] = [];
  const unsure: RepoFile[] = [];
  for (const file of found) {
    const known = context.known.get(file.path);
    if (known?.stamp === file.stamp && known.role === file.role) unchanged.push(file.path);
    else unsure.push(file);
  }
  const touched: { path: string; stamp: string; racy: boolean }[] = [];
  const stale: RepoFile[] = [];
  if (unsure.length === 0) return { unchanged, touched, stale };
  const rows = new Map(context.analysis.files(unsure.map(({ path }) => path)).map((row) => [row.path, row]));
  for (const file of unsure) {
    const row = rows.get(file.path);
    if (row === undefined || !isCurrent(context, row, file)) {
      stale.push(file);
      continue;
    }
    unchanged.push(file.path);
    const racy = isRacy(file.modifiedMs, context.startedMs, context.granularityMs);
    if (racy !== row.racy || row.stamp !== file.stamp) {
      touched.push({ path: file.path, stamp: file.stamp, racy });
    }
  }
  return { unchanged: unchanged.sort(), touched, stale };
}

function isCurrent(context: SyncContext, row: FileRow, file: RepoFile): boolean {
  const { rulesHash } = context;
  return (
    localDifferences(row, { role: file.role, rulesHash }).length === 0 && sameContent(context, row, file)
  );
}

/** Only touched, not changed: another size tells without reading. */
function sameContent({ source }: SyncContext, row: FileRow, file: RepoFile): boolean {
  if (row.contentHash === null || !row.stamp.startsWith(`${file.size}-`)) return false;
  const read = readSource(`${source.root}/${file.path}`, source.maxFileSize);
  return read.kind === 'text' && read.stat.stamp === file.stamp && sha256(read.bytes) === row.contentHash;
}

async function parseStale(context: SyncContext, stale: readonly RepoFile[]): Promise<string[]> {
  context.progress.start('parsing', stale.length);
  const byPathFile = new Map(stale.map((file) => [file.path, file]));
  const parsed: string[] = [];
  let batch: ParsedFile[] = [];
  const flush = (): void => {
    const full = batch;
    batch = [];
    if (full.length > 0) store(context, full);
  };
  const { pool, indexing, progress } = context;
  const source = { ...context.source, chunks: indexing !== null, embeds: indexing?.embeds ?? false };
  const inputs = stale.map((file) => ({ ...file, contentHash: indexing?.there.get(file.path) ?? null }));
  await pool.each('record', source, inputs, async (outcome) => {
    const file = byPathFile.get(outcome.path) as RepoFile;
    parsed.push(file.path);
    const record = await recordToStore(context, outcome);
    batch.push({ row: rowOf(context, file, outcome), record });
    progress.advance(1);
    if (batch.length >= BATCH) flush();
    if (outcome.kind === 'done' && outcome.value.chunked !== null) await indexing?.add(outcome.value.chunked);
  });
  flush();
  return parsed;
}

interface ParsedFile {
  readonly row: FileRow;
  readonly record: FileRecord | null;
}

function store({ analysis }: SyncContext, batch: readonly ParsedFile[]): void {
  analysis.database.transaction(() => {
    // A file that yielded nothing this time has no result any more.
    analysis.remove(batch.filter(({ record }) => record === null).map(({ row }) => row.path));
    analysis.putFiles(batch.map(({ row, record }) => ({ ...row, facts: record?.facts ?? null })));
    analysis.putResults(batch.flatMap(({ record }) => (record === null ? [] : [record.result])));
  });
}

/** What is stored of a file, with the edits of this sync marked. */
async function recordToStore(
  { analysis, known, startedMs, lastWholeMs }: SyncContext,
  outcome: Outcome<Recorded>,
): Promise<FileRecord | null> {
  if (outcome.kind !== 'done') return null;
  const { path, stat } = outcome;
  const value = outcome.value.record;
  if (lastWholeMs === null || (!known.has(path) && stat.modifiedMs <= lastWholeMs)) return value;
  const { pack, decode } = await codec();
  const facts = await decode<FileFacts>(value.facts.blob, value.facts.checksum);
  if (facts === null) throw new Error('what was packed a moment ago cannot be read');
  const before = known.has(path) ? await analysis.getFacts<StoredFacts>(path) : null;
  const carried = carryEdits(facts, before, startedMs);
  return carried === null ? value : { ...value, facts: pack(carried, 'derived') };
}

function rowOf(context: SyncContext, file: RepoFile, outcome: Outcome<Recorded>): FileRow {
  const stat = outcome.kind === 'done' ? outcome.stat : file;
  const common = {
    path: file.path,
    stamp: stat.stamp,
    racy: isRacy(stat.modifiedMs, context.startedMs, context.granularityMs),
    role: file.role,
    localVersion: LOCAL_VERSION,
    rulesHash: context.rulesHash,
    syncedAt: context.startedMs,
  };
  if (outcome.kind === 'done') {
    const { facts: _facts, result: _result, ...counts } = outcome.value.record;
    return { ...common, ...counts, skipReason: null, failure: null };
  }
  const nothing = { generated: false, lines: 0, items: 0, units: 0, testUnits: 0, broken: null };
  const skipReason: SkipReason | null = outcome.kind === 'skipped' ? outcome.reason : null;
  const failure = outcome.kind === 'failed' ? outcome.message : null;
  return { ...common, ...nothing, contentHash: null, skipReason, failure };
}
