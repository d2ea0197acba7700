import type * as TreeSitter from 'web-tree-sitter';
import type { Language, Parser } from 'web-tree-sitter';
import { messageOf, UserError } from '../errors.ts';
import { A, N, OTHER } from './kinds.ts';
import { readPackageFile } from '../util/package-file.ts';
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

/** The wasm module of a loaded web-tree-sitter, of which there is one a thread, however often it is asked for. */
const runtimes = new WeakMap<typeof Parser, Promise<Memory>>();

/** Loads the Rust grammar that the package brings along. */
export async function loadGrammar(): Promise<Grammar> {
  // Both are compiled aside while the library loads.
  const [treeSitter, runtimeModule, grammarModule] = await Promise.all([
    import('web-tree-sitter'),
    compile('web-tree-sitter.wasm'),
    compile('tree-sitter-rust_orchard.wasm'),
  ]);
  const memory = await runtime(treeSitter, runtimeModule);
  const language = treeSitter.Language.loadSync(grammarModule);
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

/** Rejects with UserError `damaged-installation`. */
async function compile(name: string): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(readPackageFile(`grammars/${name}`, import.meta.url));
  } catch (error) {
    const message = `grammars/${name} of the installation cannot be used: ${messageOf(error)}`;
    throw new UserError('damaged-installation', message, 'Install it again: npm install -g rustassistant');
  }
}

function runtime(treeSitter: typeof TreeSitter, module: WebAssembly.Module): Promise<Memory> {
  const known = runtimes.get(treeSitter.Parser);
  if (known !== undefined) return known;
  // The object handed to `init` becomes the emscripten module, and so shows the wasm heap. What the
  // module would print it throws as well.
  const options = {
    instantiateWasm(imports: object, done: (instance: object, module: WebAssembly.Module) => void): void {
      done(new WebAssembly.Instance(module, imports), module);
    },
    printErr: () => undefined,
  };
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
