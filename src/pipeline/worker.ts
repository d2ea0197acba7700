/**
 * The entry of a parser thread: reads, hashes and parses files, one live tree at a time. A thread whose
 * wasm heap has aborted is dead for every later file: it ends itself, and the pool starts another.
 */
import { readSource } from '../repo/read.ts';
import { loadGrammar } from '../syntax/grammar.ts';
import type { Grammar } from '../syntax/grammar.ts';
import { ParseFailure } from '../syntax/parse.ts';
import type { FileFacts, FileRole, FileStat, RuleSetting, SkipReason } from '../types.ts';
import { factsOf } from './facts.ts';

export interface ParseTask {
  readonly root: string;
  readonly files: readonly { readonly path: string; readonly role: FileRole }[];
  readonly maxFileSize: number;
  readonly rules: Readonly<Record<string, RuleSetting>>;
}

export type ParseOutcome =
  | { readonly kind: 'facts'; readonly path: string; readonly stat: FileStat; readonly facts: FileFacts }
  | { readonly kind: 'skipped'; readonly path: string; readonly reason: SkipReason }
  | { readonly kind: 'failed'; readonly path: string; readonly message: string };

/** What a parser thread answers per task: one outcome a file, in the order asked. */
export function parseFiles(task: ParseTask, grammar: Grammar): ParseOutcome[] {
  return task.files.map((file) => parseOne(task, file, grammar));
}

function parseOne(
  { root, maxFileSize, rules }: ParseTask,
  { path, role }: ParseTask['files'][number],
  grammar: Grammar,
): ParseOutcome {
  const read = readSource(`${root}/${path}`, maxFileSize);
  if (read.kind === 'skip') return { kind: 'skipped', path, reason: read.reason };
  try {
    const facts = factsOf(grammar, { path, role, bytes: read.bytes, text: read.text }, rules);
    return { kind: 'facts', path, stat: read.stat, facts };
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    if (error.kind === 'aborted') throw error;
    return { kind: 'failed', path, message: error.message };
  }
}

const grammar = loadGrammar();

export default async function run(task: ParseTask): Promise<ParseOutcome[]> {
  try {
    return parseFiles(task, await grammar);
  } catch (error) {
    // Thrown outside of the task's promise it ends the thread, which is what an aborted wasm heap needs.
    process.nextTick(() => {
      throw error;
    });
    return new Promise(() => undefined);
  }
}
