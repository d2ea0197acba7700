/**
 * Draws findings to be judged by reading, a number of each rule, at random by a seed:
 *   tsx scripts/rules/sample.ts CORPUS OUT [--seed 1] [--each 25] [--rule ID]
 * OUT becomes a JSON list of places. A crate gives three of a rule's samples at most while others have some, so that
 * none decides. A longer list with the same seed begins with the shorter one.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { CrateFinding } from './corpus.ts';
import { crateNames, findingsOf } from './corpus.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    each: { type: 'string', default: '25' },
    rule: { type: 'string' },
  },
});
const [corpus, out] = positionals;
if (corpus === undefined || out === undefined) throw new Error('usage: sample.ts CORPUS OUT');

/** Mulberry32: uniform in [0, 1). https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const copy = [...list];
  for (let at = copy.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [copy[at], copy[other]] = [copy[other] as T, copy[at] as T];
  }
  return copy;
}

const MOST_OF_A_CRATE = 3;

function draw(findings: readonly CrateFinding[], count: number, random: () => number): CrateFinding[] {
  const perCrate = new Map<string, number>();
  const first: CrateFinding[] = [];
  const rest: CrateFinding[] = [];
  for (const finding of shuffled(findings, random)) {
    const had = perCrate.get(finding.crate) ?? 0;
    perCrate.set(finding.crate, had + 1);
    (had < MOST_OF_A_CRATE ? first : rest).push(finding);
  }
  return [...first, ...rest].slice(0, count);
}

const byRule = new Map<string, CrateFinding[]>();
for (const { findings } of findingsOf(corpus, crateNames(corpus))) {
  for (const finding of findings) {
    if (flags.rule !== undefined && finding.rule !== flags.rule) continue;
    const list = byRule.get(finding.rule);
    if (list === undefined) byRule.set(finding.rule, [finding]);
    else list.push(finding);
  }
}
const drawn = [...byRule].flatMap(([, findings]) =>
  draw(findings, Number(flags.each), generator(Number(flags.seed))),
);
writeFileSync(out, JSON.stringify(drawn, null, 1));
for (const [rule, findings] of [...byRule].sort(([, a], [, b]) => b.length - a.length)) {
  const severities = new Map<string, number>();
  for (const { severity } of findings) severities.set(severity, (severities.get(severity) ?? 0) + 1);
  const parts = [...severities].map(([severity, count]) => `${severity} ${count}`).join(', ');
  console.log(`${rule.padEnd(28)} ${String(findings.length).padStart(7)}  ${parts}`);
}
