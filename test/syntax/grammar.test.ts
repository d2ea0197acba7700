import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import * as FLAG from '../../src/syntax/flags.ts';
import { addressOf, loadGrammar } from '../../src/syntax/grammar.ts';
import { A, ERROR, N, OTHER } from '../../src/syntax/kinds.ts';
import { packageFile } from '../../src/util/package-file.ts';
import { readTree } from '../../src/syntax/memory.ts';
import { parseFile } from '../../src/syntax/parse.ts';
import { newTable } from '../../src/syntax/table.ts';
import { sha256 } from '../../src/util/hash.ts';
import { grammar } from './support.ts';

const scratch = mkdtempSync(join(tmpdir(), 'grammar-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const root = new URL('../../', import.meta.url);
const hash = (path: string): string => sha256(readFileSync(fileURLToPath(new URL(path, root))));

test('the vendored wasm files are those of the installed packages', () => {
  expect(hash('grammars/tree-sitter-rust_orchard.wasm')).toEqual(
    hash('node_modules/tree-sitter-rust-orchard/tree-sitter-rust_orchard.wasm'),
  );
  expect(hash('grammars/web-tree-sitter.wasm')).toEqual(
    hash('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
  );
});

test('every name in the tables of kinds is one of the grammar', () => {
  const { language } = grammar.parser;
  const known = (named: boolean): Set<string> =>
    new Set(language?.types.filter((_, id) => language.nodeTypeIsNamed(id) === named));
  expect(Object.keys(N).filter((name) => !known(true).has(name))).toEqual([]);
  expect(Object.keys(A).filter((name) => !known(false).has(name))).toEqual([]);
  const codes = [OTHER, ERROR, ...Object.values(N), ...Object.values(A)];
  expect(new Set(codes).size).toBe(codes.length);
});

const TEXTS = [
  '',
  'fn f() {}',
  `//! d\n#[a(b = "c")] pub(in x::y) struct S<'a, T: 'a + U = V>(pub u8, [T; 3]) where T: W; // e\n`,
  `impl<T> A for B<T> { async fn c(&self) -> D { let Some(e) = f.await? else { return }; match g { h @ 1..=2 if i => { j!(k, "l") } _ => (|m| m)(n) } } }`,
  `macro_rules! o { ($($p:expr),*) => { $($p.unwrap())* }; } extern "C" { pub type Q; static mut R: u8; } 'a'`,
  'fn a( { let x = ; } struct } impl X { fn b() {} ',
  'fn missing() { let x = 1 }',
  'r#"raw"# /* open',
  `${'('.repeat(500)}1${'}'.repeat(200)}`,
  `const UTF16: &str = "é🦀${'ü'.repeat(300)}"; fn ö() {}`,
  `fn long_token_${'x'.repeat(5000)}() { }${' '.repeat(300)}fn far() {}`,
];

test('the tree in memory is the tree that the public cursor walks', () => {
  const { parser, memory, layout } = grammar;
  for (const text of TEXTS) {
    const tree = parser.parse(text);
    if (tree === null) throw new Error('no tree');
    const table = readTree(memory, layout, addressOf(tree), newTable(0), 7);
    const rows: unknown[] = [];
    const ends: number[] = [];
    const cursor = tree.walk();
    const open: number[] = [];
    for (let more = true; more;) {
      const node = cursor.currentNode;
      const codes: Readonly<Record<string, number>> = node.isNamed ? N : A;
      const kind = node.type === 'ERROR' ? ERROR : Object.hasOwn(codes, node.type) ? codes[node.type] : OTHER;
      const flags = (node.hasError ? FLAG.error : 0) | (node.isMissing ? FLAG.missing : 0);
      const row = rows.push([kind, node.startIndex + 7, node.endIndex + 7, flags]) - 1;
      if (cursor.gotoFirstChild()) {
        open.push(row);
        continue;
      }
      ends[row] = rows.length;
      while (more && !cursor.gotoNextSibling()) {
        more = cursor.gotoParent();
        if (more) ends[open.pop() as number] = rows.length;
      }
    }
    cursor.delete();
    tree.delete();
    expect(table.count).toBe(rows.length);
    const { kind, start, end, flags, next, count } = table;
    expect(rows).toEqual(Array.from({ length: count }, (_, at) => [kind[at], start[at], end[at], flags[at]]));
    expect(ends).toEqual([...next.subarray(0, count)]);
  }
});

test('grammars are independent', async () => {
  const other = await loadGrammar();
  expect(parseFile(other, 'fn a() {}').items).toHaveLength(1);
  other.close();
  expect(parseFile(grammar, 'fn b() {}').items).toHaveLength(1);
});

test('grammars/ is found above the module, and its loss is said', () => {
  mkdirSync(join(scratch, 'package', 'grammars'), { recursive: true });
  writeFileSync(join(scratch, 'package', 'grammars', 'a.wasm'), '');
  const module = pathToFileURL(join(scratch, 'package', 'dist', 'x', 'worker.mjs')).href;
  expect(packageFile('grammars/a.wasm', module)).toBe(join(scratch, 'package', 'grammars', 'a.wasm'));
  expect(() => packageFile('grammars/b.wasm', module)).toThrow('grammars/b.wasm is missing');
});

test('every tree is freed', () => {
  const trees: object[] = [];
  const parser = Object.assign(Object.create(grammar.parser) as typeof grammar.parser, {
    parse: (...given: Parameters<typeof grammar.parser.parse>) => {
      const tree = grammar.parser.parse(...given);
      if (tree !== null) trees.push(tree);
      return tree;
    },
  });
  parseFile({ ...grammar, parser }, 'm! { fn f() {} } n! { fn g(a b) } fn h() {');
  expect(trees.map(addressOf)).toEqual([0, 0, 0]);
});

test('parsing many files leaves no more memory in use than parsing one', () => {
  const text = TEXTS.join('\n').repeat(8);
  const once = (): number => {
    parseFile(grammar, text);
    return grammar.memory.HEAPU32.byteLength;
  };
  for (let warm = 0; warm < 5; warm += 1) once();
  const before = once();
  for (let round = 0; round < 40; round += 1) once();
  expect(once()).toBe(before);
});
