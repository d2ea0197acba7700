/**
 * Makes data/std-safety.json: what the unsafe functions and traits of Rust's standard library ask of their
 * callers, read from the `# Safety` sections of its documentation.
 *   tsx scripts/std-safety.ts RUST_SRC [--out FILE]
 * RUST_SRC holds `library/` and `src/version`, as Debian's package rust-src has them. Functions that macros write
 * (those of the integers and atomics) are not in it, nor are the processors' intrinsics (`core::arch`).
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { loadGrammar } from '../src/syntax/grammar.ts';
import { parseFile } from '../src/syntax/parse.ts';
import type { Item } from '../src/types/syntax.ts';
import { clausesOf } from '../src/unsafe/clauses.ts';
import { declarationsOf, parametersOf } from '../src/unsafe/declared.ts';
import type { Declared } from '../src/unsafe/site.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: join(import.meta.dirname, '..', 'data', 'std-safety.json') } },
});
const source = positionals[0] ?? '';
if (source === '') throw new Error('usage: std-safety.ts RUST_SRC');

const LEFT_OUT =
  /\/(?:tests?|benches|sys|sys_common|core_arch|core_simd|portable-simd)(?:\/|\.rs$)|\/tests?\.rs$/;
/** What of `core::intrinsics` is public under another name, and where. */
const REEXPORTED: Readonly<Record<string, string>> = {
  copy: 'ptr',
  copy_nonoverlapping: 'ptr',
  write_bytes: 'ptr',
  transmute: 'mem',
};
/** Documented in prose before any heading. */
const IN_PROSE = /^transmute(?:_copy)?$/;

function rustFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.rs') && !LEFT_OUT.test(`/${path}`))
    .sort()
    .map((path) => join(folder, path));
}

/** The public module of a file: `slice` for `slice/raw.rs`, `hint` for `hint.rs`. */
function moduleOf(file: string, folder: string): string {
  const inside = dirname(relative(folder, file));
  return inside === '.' ? basename(file, '.rs') : basename(inside);
}

/** Documentation with the files that it includes. */
function docOf({ doc, attributes }: Item, file: string): string {
  const included = attributes.flatMap((attribute) => {
    const name = /doc\s*=\s*include_str!\(\s*"([^"]+)"/.exec(attribute)?.[1];
    const path = name === undefined ? '' : join(dirname(file), name);
    return path !== '' && existsSync(path) ? [readFileSync(path, 'utf8')] : [];
  });
  return [doc, ...included].join('\n\n');
}

const grammar = await loadGrammar();
const found: Declared[] = [];
/** Safe functions by name and number of parameters, methods and free ones apart. */
const safe = { methods: new Set<string>(), free: new Set<string>() };

for (const library of ['core', 'alloc', 'std']) {
  const folder = join(source, 'library', library, 'src');
  for (const file of rustFiles(folder)) {
    const syntax = parseFile(grammar, readFileSync(file, 'utf8'));
    const module = moduleOf(file, folder);
    for (const item of syntax.items) {
      const around = syntax.items[item.parent];
      const visible = item.visibility === 'pub' || around?.kind === 'trait';
      if (item.test || !visible || (item.kind !== 'fn' && item.kind !== 'trait')) continue;
      const intrinsic = basename(file) === 'intrinsics.rs';
      const place = intrinsic ? REEXPORTED[item.name] : module;
      const [declared] = declarationsOf({ text: syntax.text, items: alone(item, around) }).declared;
      if (declared === undefined || (declared.kind === 'foreign' && !intrinsic)) addSafe(item);
      else if (place !== undefined)
        found.push(
          withDoc(
            { ...declared, kind: declared.kind === 'trait' ? 'trait' : 'fn' },
            docOf(item, file),
            place,
          ),
        );
    }
  }
}

/** The item and what is around it, as a file of their own. */
function alone(item: Item, around: Item | undefined): Item[] {
  const outer =
    around === undefined || around.kind === 'fn' ? [] : [{ ...around, parent: -1, unsafe: false }];
  return [...outer, { ...item, parent: outer.length - 1 }];
}

function addSafe({ kind, name, signature, unsafe }: Item): void {
  if (kind !== 'fn' || unsafe) return;
  const parameters = parametersOf(signature);
  const method = /^(?:&\s*(?:'\w+\s+)?)?(?:mut\s+)?self\b/.test(parameters[0] ?? '');
  (method ? safe.methods : safe.free).add(`${name}/${parameters.length - (method ? 1 : 0)}`);
}

function withDoc(declared: Declared, doc: string, module: string): Declared {
  const prose = IN_PROSE.test(declared.name) ? `# Safety\n${doc.split(/^#/m)[0]}` : '';
  const path =
    declared.owner === '' && declared.kind === 'fn' ? `${module}::${declared.name}` : declared.path;
  // Some say where it is said, outside of any section: `See [`ptr::read`] for safety concerns`.
  const elsewhere = /^See \[?`[\w:]+`\]?[^\n]*\bsafety\b/m.exec(doc);
  const inProse = clausesOf(prose)?.filter((clause) => /\b(?:must|neither)\b/i.test(clause));
  const clauses = clausesOf(doc) ?? inProse ?? (elsewhere === null ? null : [elsewhere[0]]);
  return { ...declared, module, path, clauses };
}

/** `See ptr::read for safety concerns`: the clauses of what is named. */
function followed(one: Declared): Declared {
  const clauses = one.clauses?.flatMap((clause) => {
    const path = /^see\b[^`]*`([\w:]+)`/i.exec(clause)?.[1];
    const stated = found.filter((other) => other !== one && other.clauses !== null);
    const target =
      stated.find((other) => other.path === path) ??
      stated.find(({ name, owner }) => name === path?.split('::').at(-1) && owner === '');
    return target?.clauses ?? [clause];
  });
  return { ...one, clauses: clauses ?? null };
}

const table = found.map(followed).map((one) => {
  const same = one.method ? safe.methods : safe.free;
  return { ...one, ambiguous: one.kind === 'fn' && same.has(`${one.name}/${one.parameters}`) };
});
const stating = table.filter(({ clauses }) => clauses !== null).length;
const lines = [...new Set(table.map((one) => JSON.stringify(one)))].sort((a, b) => {
  const [left, right] = [a, b].map((line) => JSON.parse(line) as Declared) as [Declared, Declared];
  return left.path < right.path ? -1 : left.path > right.path ? 1 : a < b ? -1 : 1;
});
const head = {
  source: `the documentation of Rust's standard library, rust-src ${readFileSync(join(source, 'src', 'version'), 'utf8').trim()}`,
  copyright: 'The Rust Project contributors, https://thanks.rust-lang.org',
  licence: 'MIT OR Apache-2.0; see LICENSE.rust beside this file',
};
const fields = Object.entries(head).map(
  ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`,
);
writeFileSync(values.out, `{\n${fields.join('')}  "declared": [\n    ${lines.join(',\n    ')}\n  ]\n}\n`);
console.log(`${stating} of ${table.length} unsafe functions and traits state what they ask`);
