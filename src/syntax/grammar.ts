import type * as TreeSitter from 'web-tree-sitter';
import type { Language, Parser } from 'web-tree-sitter';
import { A, N, OTHER } from './kinds.ts';
import { packageFile } from '../util/package-file.ts';
import { readLayout } from './memory.ts';
import type { Layout, Memory } from './memory.ts';
import { newTable } from './table.ts';
import type { NodeTable } from './table.ts';

/** A parser for Rust. It parses one text at a time; a thread needs one, and `close` frees it. */
export interface Grammar {
  readonly parser: Parser;
  readonly memory: Memory;
  readonly layout: Layout;
  /** Tables that no parse is using, kept so that the next needs no new ones. */
  readonly spareTables: NodeTable[];
  close(): void;
}

export interface GrammarFiles {
  /** Path of web-tree-sitter's own wasm. */
  readonly runtimeWasm?: string;
  /** Path of the Rust grammar's wasm. */
  readonly grammarWasm?: string;
}

/** The wasm module of a loaded web-tree-sitter, of which there is one a thread, however often it is asked for. */
const runtimes = new WeakMap<typeof Parser, Promise<Memory>>();

/** Loads the Rust grammar, from the package's `grammars/` unless told otherwise. */
export async function loadGrammar(files: GrammarFiles = {}): Promise<Grammar> {
  const treeSitter = await import('web-tree-sitter');
  const memory = await runtime(treeSitter, files.runtimeWasm);
  const grammarWasm =
    files.grammarWasm ?? packageFile('grammars/tree-sitter-rust_orchard.wasm', import.meta.url);
  const language = await treeSitter.Language.load(grammarWasm);
  const parser = new treeSitter.Parser();
  parser.setLanguage(language);
  return {
    parser,
    memory,
    layout: readLayout(memory, addressOf(language), (symbol) => codeOf(language, symbol)),
    spareTables: [newTable(1 << 14)],
    close: () => parser.delete(),
  };
}

/** Where a tree or a language lies in wasm memory: the library keeps it under the key 0. */
export function addressOf(object: object): number {
  return (object as { readonly 0: number })[0];
}

function runtime(treeSitter: typeof TreeSitter, wasm: string | undefined): Promise<Memory> {
  const known = runtimes.get(treeSitter.Parser);
  if (known !== undefined) return known;
  const runtimeWasm = wasm ?? packageFile('grammars/web-tree-sitter.wasm', import.meta.url);
  // The object handed to `init` becomes the emscripten module, and so shows the wasm heap. What the
  // module would print it throws as well.
  const options = { locateFile: () => runtimeWasm, printErr: () => undefined };
  const started = treeSitter.Parser.init(options).then(() => options as unknown as Memory);
  runtimes.set(treeSitter.Parser, started);
  return started;
}

function codeOf(language: Language, symbol: number): number {
  const name = language.types[symbol];
  if (name === undefined) return OTHER;
  const codes: Readonly<Record<string, number>> = language.nodeTypeIsNamed(symbol) ? N : A;
  return Object.hasOwn(codes, name) ? (codes[name] as number) : OTHER;
}
