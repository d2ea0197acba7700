// Bare single-threaded parsing: the texts lie in memory, the grammar is loaded, only `parse` is timed.
// Usage: node bare-parse.mjs LIST (a file with one path a line); prints bytes and milliseconds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Language, Parser } from 'web-tree-sitter';

const grammars = join(import.meta.dirname, '..', '..', 'grammars');
await Parser.init({ locateFile: () => join(grammars, 'web-tree-sitter.wasm') });
const parser = new Parser();
parser.setLanguage(await Language.load(join(grammars, 'tree-sitter-rust_orchard.wasm')));
const files = readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean);
let bytes = 0;
let ns = 0n;
for (const file of files) {
  const text = readFileSync(file, 'utf8');
  const start = process.hrtime.bigint();
  parser.parse(text).delete();
  ns += process.hrtime.bigint() - start;
  bytes += Buffer.byteLength(text);
}
process.stdout.write(`${bytes} ${Number(ns) / 1e6}\n`);
