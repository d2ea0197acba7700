import { messageOf } from '../errors.ts';
import type { SyntaxFile } from '../types/syntax.ts';
import { lineIndex } from '../util/lines.ts';
import { lineDiagnostics, sharpen } from './diagnostics.ts';
import { finishItems, restOf } from './finish.ts';
import { ParseFailure } from './failure.ts';
import { isGenerated } from './generated.ts';
import { addressOf } from './grammar.ts';
import type { Grammar } from './grammar.ts';
import { readsAsItems } from './macros.ts';
import { readTree } from './memory.ts';
import { fileMetrics } from './metrics.ts';
import { newWalk } from './scope.ts';
import { newTable } from './table.ts';
import type { NodeTable } from './table.ts';
import { walkTable } from './walk.ts';

export interface ParseOptions {
  /**
   * For the file and the macro bodies in it together: a body that comes too late is left unparsed.
   * One token is always read to its end.
   */
  readonly deadlineMs?: number;
  /** Milliseconds from any fixed point; `busyClock` where absent. */
  readonly now?: () => number;
}

const DEADLINE_MS = 5_000;
/** UTF-16 units a piece; the runtime's buffer takes 5,119. */
const PIECE = 4_096;
const SHEBANG_ONLY = /^\uFEFF?#![^\n]*$/;

/**
 * What there is to know of one Rust file. The text may hold anything: what cannot be read stands in
 * `diagnostics`, and everything around it is still found. Throws `ParseFailure`.
 *
 * **Units** are functions with a body, structs, enums, unions, macro definitions, item-level macro calls
 * whose body does not read as items, constants of 200 characters or more, and traits, implementations and
 * macro calls none of whose members is a unit. They stand at the top of the file or in `mod`, `impl`,
 * `trait` and `extern` blocks or macro calls that do, never in a function. All else is the rest: imports,
 * `mod x;`, aliases, signatures without a body, small constants, and the heads of blocks.
 */
export function parseFile(grammar: Grammar, text: string, options: ParseOptions = {}): SyntaxFile {
  const { deadlineMs = DEADLINE_MS, now = busyClock() } = options;
  const lines = lineIndex(text);
  const deadline = now() + deadlineMs;
  const parse = (start: number, end: number): NodeTable | null =>
    tableOf(grammar, text, start, end, overdue(deadline, now));
  const release = (table: NodeTable): void => void grammar.spareTables.push(table);
  const parseItems = (start: number, end: number): NodeTable | null => {
    const table = parse(start, end);
    if (table === null || readsAsItems(table)) return table;
    release(table);
    return null;
  };
  // The grammar wants a line break after a shebang.
  const table = SHEBANG_ONLY.test(text) ? newTable(0) : parse(0, text.length);
  if (table === null) throw new ParseFailure('deadline', `parsing took over ${deadlineMs / 1000} s`);
  const walk = newWalk(text, lines, parseItems, release);
  walkTable(walk, table);
  const clean = walk.diagnostics.every(({ kind }) => kind === 'macro-body-unparsed');
  const diagnostics = clean ? walk.diagnostics : sharpen(walk.diagnostics, table, text);
  release(table);
  const items = finishItems(walk.items);
  return {
    text,
    items,
    rest: restOf(items, text.length),
    sites: walk.sites,
    diagnostics: [...diagnostics, ...lineDiagnostics(text)],
    metrics: clean ? fileMetrics(items, lines.count) : null,
    generated: isGenerated(text, lines.count),
  };
}

/** Parses a part of the text as if it were a file; null where `stop` ended it. The tree is freed before this returns. */
function tableOf(
  { parser, memory, layout, spareTables }: Grammar,
  text: string,
  from: number,
  to: number,
  stop: () => boolean,
): NodeTable | null {
  const read = (index: number): string => piece(text, from + index, to);
  const tree = guarded(() => parser.parse(read, null, { progressCallback: stop }));
  if (tree === null) {
    parser.reset();
    return null;
  }
  try {
    return readTree(memory, layout, addressOf(tree), spareTables.pop() ?? newTable(0), from);
  } finally {
    tree.delete();
  }
}

/** The library throws when its wasm heap is spent, and from then on always. */
function guarded<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new ParseFailure('aborted', `the parser broke down: ${messageOf(error)}`, error);
  }
}

/** Below this no look at the processor's clock is taken: it costs 15 µs. */
const SHORT_MS = 100;

/**
 * Milliseconds for which this process has been at work, at most those that went by: on a machine that is busy
 * with other things a file does not fail for its waiting. Other threads' work counts too, so it is no CPU time.
 */
function busyClock(): () => number {
  // To touch `performance` loads a dozen modules of Node.
  const startedNs = process.hrtime.bigint();
  let first: { readonly ms: number; readonly usage: NodeJS.CpuUsage } | undefined;
  return () => {
    const ms = Number(process.hrtime.bigint() - startedNs) / 1e6;
    if (ms < SHORT_MS) return ms;
    first ??= { ms, usage: process.cpuUsage() };
    const { user, system } = process.cpuUsage(first.usage);
    return Math.min(ms, first.ms + (user + system) / 1000);
  };
}

/** Whether time is up, by a look at the clock every so many questions: the parser asks each 100 steps. */
function overdue(deadline: number, now: () => number): () => boolean {
  let asked = 0;
  return () => (asked++ & 15) === 15 && now() > deadline;
}

/** The next piece of the text; it never ends between two halves of a surrogate pair. */
function piece(text: string, from: number, to: number): string {
  const end = Math.min(from + PIECE, to);
  const last = text.charCodeAt(end - 1);
  const split = end < to && last >= 0xd800 && last < 0xdc00;
  return text.slice(from, split ? end - 1 : end);
}
