import { expect, test } from 'vitest';
import { parseFile } from '../../src/syntax/parse.ts';
import { grammar, syntaxOf } from './support.ts';

test('a character split over two pieces of input is still one', () => {
  for (const edge of [4096, 5119, 5120, 8192, 10240]) {
    for (const before of [edge - 2, edge - 1, edge]) {
      const head = "fn f() { let c = '";
      const text = `//${'x'.repeat(before - head.length - 3)}\n${head}🦀'; }`;
      expect(text.codePointAt(before)).toBe(0x1f980);
      expect(syntaxOf(text).diagnostics).toEqual([]);
    }
  }
});

test('100,000 levels of nesting are walked', { timeout: 60_000 }, () => {
  for (const [open, close, depth] of [
    ['(', ')', 100_000],
    ['{', '}', 20_000],
  ] as const) {
    const text = `fn f() { ${open.repeat(depth)}1${close.repeat(depth)} }\nfn g() {}`;
    const { items } = parseFile(grammar, text, { deadlineMs: 60_000 });
    expect(items.map(({ name }) => name)).toEqual(['f', 'g']);
  }
});

test('an error as wide as the file takes no longer than the parse', () => {
  const text = `fn before() { a.unwrap() }\n${'('.repeat(16_000)}`;
  const { items, diagnostics, metrics } = parseFile(grammar, text, { deadlineMs: 20_000 });
  expect(items.map(({ name }) => name)).toEqual(['before']);
  expect(diagnostics[0]).toMatchObject({ kind: 'syntax-error', message: '`(` is never closed' });
  expect(metrics).toBeNull();
});

test('one token of megabytes is read to its end', { timeout: 60_000 }, () => {
  const text = `/*${'x'.repeat(5_000_000)}*/\nfn f() {}`;
  const { items, diagnostics } = parseFile(grammar, text, { deadlineMs: 60_000 });
  expect(items.map(({ name }) => name)).toEqual(['f']);
  expect(diagnostics.map(({ kind }) => kind)).toEqual(['long-line']);
});

test('the deadline ends a parse, and the parser goes on with the next file', () => {
  const clock = { time: 0 };
  const now = (): number => (clock.time += 1);
  const text = 'fn f() { g(); }\n'.repeat(2_000);
  expect(() => parseFile(grammar, text, { deadlineMs: 3, now })).toThrow(
    expect.objectContaining({ name: 'ParseFailure', kind: 'deadline' }),
  );
  expect(syntaxOf('fn after() {}').items.map(({ name }) => name)).toEqual(['after']);
});

test('a macro’s body that comes too late is left unparsed', () => {
  const clock = { time: 0 };
  const now = (): number => (clock.time += 1);
  const body = 'fn f() { g(); } '.repeat(1_500);
  const looks = (text: string): number => {
    const before = clock.time;
    parseFile(grammar, text, { now });
    return clock.time - before;
  };
  const whole = looks(`m! { ${body} }`);
  expect(whole).toBeGreaterThan(8);
  const { items } = parseFile(grammar, `m! { ${body} }`, { deadlineMs: whole - 3, now });
  expect(items.map(({ path, unit }) => [path, unit])).toEqual([['m!', true]]);
});

test('NUL bytes, CRLF, a byte order mark and a shebang', () => {
  expect(syntaxOf('fn a() {}\0\nfn b() {}').items.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(
    syntaxOf('/// d\r\nfn a() {}\r\nfn b() {}\r\n').items.map(({ doc, startLine }) => [doc, startLine]),
  ).toEqual([
    ['d', 2],
    ['', 3],
  ]);
  const marked = '\uFEFFfn a() {}';
  expect(syntaxOf(marked)).toMatchObject({
    diagnostics: [],
    items: [{ start: 1, head: 1, end: marked.length }],
  });
  expect(syntaxOf('#!/usr/bin/env rust\nfn a() {}')).toMatchObject({
    diagnostics: [],
    items: [{ startLine: 2 }],
  });
  expect(syntaxOf('#!/usr/bin/env rust')).toMatchObject({
    diagnostics: [],
    items: [],
    rest: [{ start: 0, end: 19 }],
  });
});

test('what cannot be read costs what is around it nothing', () => {
  const names = (text: string): string[] => syntaxOf(text).items.map(({ path }) => path);
  expect(names('fn a() { let x = ; }\nfn b() {}')).toEqual(['a', 'b']);
  expect(names('fn a() {} struct {} fn b() {}')).toEqual(expect.arrayContaining(['a', 'b']));
  expect(names('impl A { fn b() {} fn c( { } }\nfn d() {}')).toEqual(expect.arrayContaining(['A::b', 'd']));
  expect(names('fn a() {\n  if x {\n}\nfn b() {}')).toContain('b');
});

test('an error says where it is', () => {
  const first = (text: string): string => {
    const [diagnostic] = syntaxOf(text).diagnostics;
    return `${diagnostic?.kind} ${diagnostic?.start}: ${diagnostic?.message}`;
  };
  expect(first('fn a() { let x = 1 }')).toBe('missing-token 18: `;` is missing here');
  expect(first('fn a() {} =>')).toBe('syntax-error 10: cannot be read as Rust: `=>`');
  const body = 'call(1);\n'.repeat(40);
  expect(first(`fn a() {\n${body}if b {\n${body}`)).toBe(
    `syntax-error ${9 + body.length + 5}: \`{\` is never closed`,
  );
  const noise = '=> '.repeat(100);
  expect(first(`${noise}}`)).toBe(`syntax-error ${noise.length}: \`}\` closes nothing`);
  expect(first(`${noise}( ${noise}}`)).toBe(`syntax-error ${noise.length}: \`(\` is never closed`);
});

test('an error in an error is one', () => {
  const { diagnostics, sites } = syntaxOf('}|y| let _ = ');
  expect(diagnostics).toHaveLength(1);
  expect(sites.filter(({ kind }) => kind === 'error')).toHaveLength(1);
});

test('a file with thousands of errors lists the first hundred', () => {
  const { diagnostics } = syntaxOf('fn f() { let = ; }\n'.repeat(500));
  expect(diagnostics).toHaveLength(100);
});

test('known gaps of the grammar lose no item', () => {
  const gaps = [
    'fn a() where T: Send + {}',
    'fn a() { let str = 1; let bool = 2; }',
    'fn a() { x as fn(_) -> &_; }',
    'fn a() { let async = 1; }',
    'fn a() { raw.b(); let raw: Option<raw> = c; }',
  ];
  for (const gap of gaps) {
    const { items } = syntaxOf(`struct Before;\n${gap}\nimpl After { fn method() {} }`);
    expect(items.map(({ path }) => path)).toEqual(['Before', 'a', 'After', 'After::method']);
  }
});

test('generated code is known by its mark or its size', () => {
  const generated = (text: string): boolean => syntaxOf(text).generated;
  expect(generated('// @generated by a tool\nfn f() {}')).toBe(true);
  expect(generated('/* automatically generated by rust-bindgen 0.59.1 */\n\nfn f() {}')).toBe(true);
  expect(generated('// This file is generated by protoc. Do not edit\n')).toBe(true);
  expect(generated('// This file is generated by a tool\n// from the schema.\n//\n// DO NOT EDIT.\n')).toBe(
    true,
  );
  expect(generated('/*\n * DO NOT EDIT this file:\n * it is generated.\n */\n')).toBe(true);
  expect(generated('// It is generated by a tool.\nfn f() {}\n// Do not edit the next line.\n')).toBe(false);
  expect(generated('const MARK: &str = "@generated";')).toBe(false);
  expect(generated(`${'\n'.repeat(5_000)}fn f() {}`)).toBe(true);
  expect(generated('\n'.repeat(4_999))).toBe(false);
  expect(generated(`// ${'x'.repeat(20_000)}`)).toBe(true);
  expect(generated(`// ${'x\n'.repeat(3_000)}`)).toBe(false);
});
