/**
 * Measures what each check of the local rules costs, against the parse:
 *   tsx scripts/rules/cost.ts FOLDER [--files 3000] [--rounds 5]
 * FOLDER holds Rust files, of which so many are taken, spread evenly. Every check runs by itself over all of them, the
 * cheapest round counts; all in one thread, warm. A check may stand for several rules, as its name says.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FAMILIES } from '../../src/lint/collect.ts';
import { FILE_CHECKS, fileOf, lint } from '../../src/lint/lint.ts';
import type { LintFile, SiteCheck } from '../../src/lint/rule.ts';
import { loadGrammar } from '../../src/syntax/grammar.ts';
import { parseFile } from '../../src/syntax/parse.ts';
import { lineIndex } from '../../src/util/lines.ts';
import { findSecrets } from '../../src/util/secrets.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { files: { type: 'string', default: '3000' }, rounds: { type: 'string', default: '5' } },
});
const folder = positionals[0] ?? '';
if (folder === '') throw new Error('usage: cost.ts FOLDER');

function rustFiles(): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.rs'),
  );
  const step = Math.max(1, all.length / Number(flags.files));
  return Array.from({ length: Math.min(all.length, Number(flags.files)) }, (_, at) =>
    join(folder, all[Math.floor(at * step)] as string),
  );
}

/** Processor time of the cheapest round, in milliseconds: other work on the machine hardly shows in it. */
function cheapest(work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

const grammar = await loadGrammar();
const texts = rustFiles()
  .map((path) => readFileSync(path, 'utf8'))
  .filter((text) => text.length < 1_000_000);
const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
let files: LintFile[] = [];
const parse = cheapest(() => {
  files = texts.map((text) =>
    fileOf({ path: 'src/net.rs', role: 'library', syntax: parseFile(grammar, text) }, true),
  );
});

/** A check by itself over every file; what files know of themselves is asked anew. */
function eachFile(check: (file: LintFile) => void): number {
  return cheapest(() => {
    for (const file of files) check({ ...file, known: new Map() });
  });
}

/** The sites that one entry of a family looks at, found before the clock starts. */
function siteCost(check: SiteCheck, kind: string, name: string): number {
  const wanted = files.map((file) =>
    file.sites.flatMap((site, index) =>
      site.kind === kind && (name === '' || site.name === name) ? [index] : [],
    ),
  );
  return cheapest(() => {
    files.forEach((file, at) => {
      const fresh = { ...file, known: new Map<string, boolean>() };
      for (const index of wanted[at] as number[])
        check(fresh, file.sites[index] as LintFile['sites'][number], index);
    });
  });
}

const costs: (readonly [what: string, ms: number])[] = [
  ['secrets', eachFile(({ text }) => void findSecrets(text))],
  ...FILE_CHECKS.map((check) => [check.name, eachFile((file) => void check(file))] as const),
];
for (const { calls = {}, macros = {}, kinds = {} } of FAMILIES) {
  for (const [name, check] of Object.entries(calls))
    costs.push([`${name}(…)`, siteCost(check, 'call', name)]);
  for (const [name, check] of Object.entries(macros))
    costs.push([`${name}!`, siteCost(check, 'macro', name)]);
  for (const [kind, check] of Object.entries(kinds)) {
    if (check !== undefined) costs.push([`${check.name} at each ${kind}`, siteCost(check, kind, '')]);
  }
}
const whole = cheapest(() => {
  for (const { text, syntax } of files) {
    lint({ path: 'src/net.rs', role: 'library', syntax, lines: lineIndex(text), settings: {} });
  }
});

const share = (ms: number): string => `${((ms / parse) * 100).toFixed(2)} %`;
console.log(
  `${texts.length} files, ${(bytes / 1e6).toFixed(1)} MB; parse with items and sites ${parse.toFixed(0)} ms`,
);
console.log(`all rules together ${whole.toFixed(0)} ms, ${share(whole)} of the parse\n`);
console.log('| check | ms | of the parse |\n| --- | --- | --- |');
const shown = costs.filter(([, ms]) => ms / parse >= 0.0005).sort(([, a], [, b]) => b - a);
for (const [what, ms] of shown) console.log(`| ${what} | ${ms.toFixed(1)} | ${share(ms)} |`);
console.log(`| ${costs.length - shown.length} others, less than 0.05 % each | | |`);
