/**
 * Measures how much the rules say about code that is widely used, and writes docs/noise.md:
 *   tsx scripts/rules/noise.ts CORPUS [--crates 100]
 * CORPUS holds one crate a subfolder. Exit status 1 where the median is over the limit.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT, median } from '../support/run.ts';
import type { CrateFinding } from './corpus.ts';
import { findingsOf, mostUsed } from './corpus.ts';

const MOST_PER_1000_LINES = 3;
const SHOWN = new Set(['critical', 'high', 'medium']);

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { crates: { type: 'string', default: '100' } },
});
const corpus = positionals[0] ?? '';
if (corpus === '') throw new Error('usage: noise.ts CORPUS');

interface Noise {
  readonly crate: string;
  readonly dependents: number;
  readonly lines: number;
  readonly shown: readonly CrateFinding[];
  readonly all: number;
  readonly density: number;
}

function measure(): Noise[] {
  const used = new Map(
    mostUsed(corpus, Number(flags.crates)).map(({ crate, dependents }) => [crate, dependents]),
  );
  return [...findingsOf(corpus, [...used.keys()])].map(({ crate, lines, findings }) => {
    const shown = findings.filter(({ severity }) => SHOWN.has(severity));
    const density = lines === 0 ? 0 : (shown.length / lines) * 1000;
    return { crate, dependents: used.get(crate) ?? 0, lines, shown, all: findings.length, density };
  });
}

/** Counts by rule, most first, as `rule 12`. */
function byRule(findings: readonly CrateFinding[], most: number): string {
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([rule, count]) => `${rule} ${count}`)
    .join(', ');
}

function row({ crate, dependents, lines, shown, all, density }: Noise, most = 1): string {
  return `| ${crate} | ${dependents} | ${lines.toLocaleString('en-US')} | ${shown.length} | ${density.toFixed(2)} | ${all} | ${byRule(shown, most)} |`;
}

const HEAD = `| crate | dependents | lines | medium and up | per 1,000 lines | all | most by rule |
| --- | --- | --- | --- | --- | --- | --- |`;

function page(crates: readonly Noise[]): string {
  const densities = crates.map(({ density }) => density);
  const every = crates.flatMap(({ shown }) => shown);
  const lines = crates.reduce((sum, crate) => sum + crate.lines, 0);
  const noisiest = [...crates].sort((a, b) => b.density - a.density);
  return `# How much the rules say

Made by \`npx tsx scripts/rules/noise.ts CORPUS\` over the ${crates.length} crates of Debian's Rust packages that most other
packages of it depend on (normal, build and dev dependencies of their Cargo.toml, each package counted once). What
counts is what \`analyze\` shows unasked: findings of severity medium and up. Tests, benches and examples that the
crates ship are among their lines.

|  |  |
| --- | --- |
| crates | ${crates.length} |
| lines of Rust | ${lines.toLocaleString('en-US')} |
| findings, medium and up | ${every.length.toLocaleString('en-US')} |
| per 1,000 lines, median of the crates | ${median(densities).toFixed(2)} (limit ${MOST_PER_1000_LINES}) |
| per 1,000 lines, all crates together | ${((every.length / lines) * 1000).toFixed(2)} |
| crates over ${MOST_PER_1000_LINES} per 1,000 lines | ${densities.filter((density) => density > MOST_PER_1000_LINES).length} |
| by rule | ${byRule(every, 12)} |

## The ten noisiest, and by what

What makes a crate noisy is unsafe code that no comment argues for, as where the operating system or another language is
called.

${HEAD}
${noisiest
  .slice(0, 10)
  .map((crate) => row(crate, 4))
  .join('\n')}

## All

${HEAD}
${[...crates]
  .sort((a, b) => b.dependents - a.dependents)
  .map((crate) => row(crate))
  .join('\n')}
`;
}

const crates = measure();
writeFileSync(join(ROOT, 'docs', 'noise.md'), page(crates));
const middle = median(crates.map(({ density }) => density));
console.log(`median ${middle.toFixed(2)} findings per 1,000 lines over ${crates.length} crates`);
if (middle > MOST_PER_1000_LINES) process.exitCode = 1;
