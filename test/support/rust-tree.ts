/** Synthetic Rust trees of any size, for tests and trials: the extremes that a repository can come in. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Text of a small module whose items differ with `seed`: a struct, its impl, a free function, a test. */
export function moduleText(seed: number): string {
  return `//! Module ${seed}.

/// Counter ${seed}.
#[derive(Debug, Default)]
pub struct Counter${seed} {
    value: u64,
    limit: Option<u64>,
}

impl Counter${seed} {
    /// Adds ${seed % 97}, up to the limit.
    pub fn advance(&mut self, steps: u64) -> u64 {
        for step in 0..steps {
            if let Some(limit) = self.limit {
                if self.value + step > limit {
                    return self.value;
                }
            }
            self.value += ${seed % 97} + step;
        }
        self.value
    }
}

pub fn parse_${seed}(text: &str) -> Result<Counter${seed}, std::num::ParseIntError> {
    let value = text.trim().parse::<u64>()?;
    Ok(Counter${seed} { value, limit: Some(value.max(${seed})) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advances() {
        assert_eq!(parse_${seed}("1").unwrap().advance(0), 1);
    }
}
`;
}

function crate(folder: string, name: string, extra = ''): void {
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(
    join(folder, 'Cargo.toml'),
    `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n${extra}`,
  );
}

/** One crate of `count` files: `src/lib.rs` and modules in folders of a hundred. */
export function manyFiles(folder: string, count: number): void {
  crate(folder, 'many-files');
  const groups = Math.ceil((count - 1) / 100);
  const names = Array.from({ length: groups }, (_, at) => `group${at}`);
  writeFileSync(join(folder, 'src', 'lib.rs'), names.map((name) => `pub mod ${name};\n`).join(''));
  let left = count - 1;
  for (const name of names) {
    const inside = Math.min(left, 100) - 1;
    left -= inside + 1;
    mkdirSync(join(folder, 'src', name), { recursive: true });
    const modules = Array.from({ length: inside }, (_, at) => `m${at}`);
    writeFileSync(join(folder, 'src', name, 'mod.rs'), modules.map((m) => `pub mod ${m};\n`).join(''));
    modules.forEach((module, at) => {
      const seed = Number(name.slice(5)) * 100 + at;
      writeFileSync(join(folder, 'src', name, `${module}.rs`), moduleText(seed));
    });
  }
}

/** A crate with one ordinary file and one of `bytes` bytes (at least). */
export function hugeFile(folder: string, bytes: number): void {
  crate(folder, 'huge-file');
  writeFileSync(join(folder, 'src', 'lib.rs'), `pub mod huge;\n\n${moduleText(1)}`);
  const file = openSync(join(folder, 'src', 'huge.rs'), 'w');
  try {
    for (let written = 0, seed = 0; written < bytes; seed += 1) {
      const modules = Array.from(
        { length: 1000 },
        (_, at) => `pub mod n${seed}_${at} {\n${moduleText(at)}}\n`,
      );
      written += writeSync(file, modules.join(''));
    }
  } finally {
    closeSync(file);
  }
}

/** A crate with `depth` levels of blocks, modules, expressions and types inside each other, and of folders. */
export function deepNesting(folder: string, depth: number): void {
  crate(folder, 'deep-nesting');
  const nest = (open: string, core: string, close: string): string =>
    open.repeat(depth) + core + close.repeat(depth);
  const text = [
    'pub mod modules;',
    `pub fn blocks(mut n: u64) -> u64 { ${nest('if n > 0 { n -= 1; ', 'n += 7;', ' } ')} n }`,
    `pub fn loops() { ${nest('loop { ', 'break;', ' }')} }`,
    `pub fn groups() -> u64 { ${nest('(1 + ', '1', ')')} }`,
    `pub fn closures() { let _ = ${nest('|| { let _ = ', '1', '; }')}; }`,
    `pub type Types = ${nest('Option<', 'u8', '>')};`,
    `pub fn unsafe_blocks() { ${nest('unsafe { ', '', ' }')} }`,
  ];
  writeFileSync(join(folder, 'src', 'lib.rs'), `${text.join('\n\n')}\n`);
  writeFileSync(join(folder, 'src', 'modules.rs'), `${nest('pub mod m { ', 'pub fn inner() {}', ' }')}\n`);
  const below = join(folder, 'src', ...Array.from({ length: depth }, () => 'd'));
  mkdirSync(below, { recursive: true });
  writeFileSync(join(below, 'deep.rs'), moduleText(2));
}

/** A Cargo workspace of `count` crates with one small file each. */
export function tinyCrates(folder: string, count: number): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'Cargo.toml'), '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n');
  for (let at = 0; at < count; at += 1) {
    const name = `tiny-${String(at).padStart(5, '0')}`;
    crate(join(folder, 'crates', name), name);
    writeFileSync(
      join(folder, 'crates', name, 'src', 'lib.rs'),
      `/// Number ${at}.\npub const N: u32 = ${at};\n`,
    );
  }
}
