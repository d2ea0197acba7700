/** The tree that the benchmark runs on: from a folder of real crates, or put together from our own example. */
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/run.ts';

/** Copies whole crates, in the order of their names, until there are `count` Rust files. */
export function copyCrates(corpus: string, folder: string, count: number): void {
  let files = 0;
  for (const name of readdirSync(corpus).sort()) {
    if (name.startsWith('.') || files >= count) continue;
    cpSync(join(corpus, name), join(folder, name), { recursive: true, verbatimSymlinks: true });
    files += rustFiles(join(folder, name)).length;
  }
}

/** `count` files of one to five example modules each: about 6 KB a file, as in published crates. */
export function fromExample(folder: string, count: number): void {
  const source = join(ROOT, 'examples', 'tidepool', 'src');
  const texts = readdirSync(source)
    .filter((name) => name !== 'main.rs')
    .sort()
    .map((name) => readFileSync(join(source, name), 'utf8'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'Cargo.toml'),
    '[package]\nname = "bench"\nversion = "0.1.0"\nedition = "2021"\n',
  );
  for (let at = 0; at < count; at += 1) {
    const group = join(folder, 'src', `group${Math.floor(at / 50)}`);
    if (at % 50 === 0) mkdirSync(group, { recursive: true });
    const parts = Array.from({ length: 1 + (at % 5) }, (_, part) => {
      const text = texts[(at + part) % texts.length] as string;
      return `pub mod part${part} {\n${text}\npub const NUMBER: usize = ${at};\n}\n`;
    });
    writeFileSync(join(group, `file${at % 50}.rs`), parts.join('\n'));
  }
}

/** Absolute paths of the `.rs` files below a folder, sorted. */
export function rustFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.rs'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
