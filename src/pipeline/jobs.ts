/**
 * What is done with a file's text where a parser is: reads, hashes and parses files, one live tree at a time. In a
 * thread of the pool, or, for a few files, in the main one. Each job throws ParseFailure `aborted` where the wasm heap
 * has given up: then no parser of this thread works any more.
 */
import { openBuiltin } from '../embed/builtin.ts';
import type { Embedder } from '../embed/embedder.ts';
import { messageOf } from '../errors.ts';
import type { UnitText } from '../lens/context.ts';
import { unitTexts } from '../lens/context.ts';
import { readSource } from '../repo/source.ts';
import { loadGrammar } from '../syntax/grammar.ts';
import type { Grammar } from '../syntax/grammar.ts';
import { ParseFailure } from '../syntax/failure.ts';
import { parseFile } from '../syntax/parse.ts';
import type { Pieces } from '../syntax/pieces.ts';
import { piecesOf } from '../syntax/pieces.ts';
import type { Splitter } from '../search/words.ts';
import { newSplitter } from '../search/words.ts';
import { codec } from '../store/codec.ts';
import type { FileRole, FileStat, SkipReason } from '../types/source.ts';
import type { Item } from '../types/syntax.ts';
import type { FileFacts } from '../types/unit.ts';
import { sha256 } from '../util/hash.ts';
import { mayMatter, unsafeFacts } from '../unsafe/inventory.ts';
import type { UnsafeFacts } from '../unsafe/site.ts';
import { lineIndex } from '../util/lines.ts';
import type { ChunkPassage, Chunked } from './search/chunked.ts';
import { chunkedFile, passagesOf } from './search/chunked.ts';
import type { SourceText } from './facts.ts';
import { factsOf } from './facts.ts';
import type { FileRecord, RecordOptions } from './record.ts';
import { recordOf } from './record.ts';

export interface ParseTaskFile {
  readonly path: string;
  readonly role: FileRole;
  /** What it must hold still, to be rendered; null: whatever it holds. */
  readonly contentHash: string | null;
}

export interface ParseTask {
  readonly root: string;
  readonly files: readonly ParseTaskFile[];
  readonly maxFileSize: number;
  readonly options: RecordOptions;
  /** Whether chunks get their vectors of the bundled embedder on the way. */
  readonly embeds: boolean;
}

/** What became of one file; `value` is what was asked for. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly path: string; readonly stat: FileStat; readonly value: T }
  | { readonly kind: 'skipped'; readonly path: string; readonly reason: SkipReason }
  | { readonly kind: 'failed'; readonly path: string; readonly message: string };

/** A file's items as they stand, and what did not parse. */
export interface Outline {
  readonly items: readonly Item[];
  readonly problem: string | null;
}

/** A file's units with their texts, for a request; `contentHash` tells whether it is still the planned file. */
export interface Rendered {
  readonly contentHash: string;
  /** `line`: where the unit begins, 1-based. */
  readonly units: readonly (UnitText & { readonly line: number })[];
}

/** What the pool can ask for, here or of a thread. */
export interface Jobs {
  readonly facts: FileFacts;
  readonly record: FileRecord;
  readonly outline: Outline;
  /** Null where the text holds no word that could matter. */
  readonly unsafe: UnsafeFacts | null;
  readonly render: Rendered;
  readonly chunks: Chunked;
  readonly passages: readonly ChunkPassage[];
  readonly pieces: Pieces;
}

let grammar: Promise<Grammar> | undefined;

/** This thread's parser, loaded once. */
function parser(): Promise<Grammar> {
  return (grammar ??= loadGrammar());
}

/** Loads what the jobs need, before it is needed. */
export async function ready(): Promise<void> {
  await Promise.all([parser(), codec()]);
}

export function facts(task: ParseTask): Promise<Outcome<FileFacts>[]> {
  return eachFile(task, (loaded, source) => factsOf(loaded, source, task.options.rules));
}

export async function record(task: ParseTask): Promise<Outcome<FileRecord>[]> {
  const packer = await codec();
  return eachFile(task, (loaded, source) => recordOf(loaded, packer, source, task.options));
}

/** This thread's bundled embedder, opened once. */
let embedder: Embedder | undefined;

function embedderOf({ embeds }: ParseTask): Embedder | null {
  return embeds ? (embedder ??= openBuiltin()) : null;
}

/** This thread's splitter: what it has seen of identifiers serves the next file. */
let splitter: Splitter | undefined;

export function chunks(task: ParseTask): Promise<Outcome<Chunked>[]> {
  const own = embedderOf(task);
  const split = (splitter ??= newSplitter());
  return eachFile(task, (loaded, source) => chunkedFile(loaded, split, source, own));
}

export function passages(task: ParseTask): Promise<Outcome<readonly ChunkPassage[]>[]> {
  const own = embedderOf(task);
  return eachFile(task, (loaded, source) => passagesOf(loaded, source, own));
}

export function pieces(task: ParseTask): Promise<Outcome<Pieces>[]> {
  return eachFile(task, (loaded, { text }) => piecesOf(parseFile(loaded, text)));
}

export function outline(task: ParseTask): Promise<Outcome<Outline>[]> {
  return eachFile(task, (loaded, { text }) => {
    const { items, diagnostics } = parseFile(loaded, text);
    return { items, problem: diagnostics[0]?.message ?? null };
  });
}

export function unsafe(task: ParseTask): Promise<Outcome<UnsafeFacts | null>[]> {
  return eachFile(task, (loaded, { text }) =>
    mayMatter(text) ? unsafeFacts(parseFile(loaded, text), lineIndex(text)) : null,
  );
}

export function render(task: ParseTask): Promise<Outcome<Rendered>[]> {
  const wanted = new Map(task.files.map(({ path, contentHash }) => [path, contentHash]));
  return eachFile(task, (loaded, { path, bytes, text }) => {
    const contentHash = sha256(bytes);
    // Another content was never parsed before, and is not what was asked for.
    if (contentHash !== wanted.get(path)) return { contentHash, units: [] };
    const lines = lineIndex(text);
    const units = unitTexts(parseFile(loaded, text)).map((unit) => ({
      ...unit,
      line: lines.line(unit.start),
    }));
    return { contentHash, units };
  });
}

async function eachFile<T>(
  task: ParseTask,
  work: (grammar: Grammar, source: SourceText) => T | Promise<T>,
): Promise<Outcome<T>[]> {
  const loaded = await parser();
  const outcomes: Outcome<T>[] = [];
  for (const file of task.files) {
    const read = readSource(`${task.root}/${file.path}`, task.maxFileSize);
    if (read.kind === 'skip') {
      outcomes.push({ kind: 'skipped', path: file.path, reason: read.reason });
      continue;
    }
    try {
      const value = await work(loaded, { ...file, bytes: read.bytes, text: read.text });
      outcomes.push({ kind: 'done', path: file.path, stat: read.stat, value });
    } catch (error) {
      if (error instanceof ParseFailure && error.kind === 'aborted') throw error;
      outcomes.push({ kind: 'failed', path: file.path, message: messageOf(error) });
    }
  }
  return outcomes;
}
