import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../src/lint/table.ts';

interface Verdict {
  readonly right: boolean;
  readonly why: string;
}

/** A finding that someone read in its place, and whether its claim holds there. */
interface Judged extends Verdict {
  /** `crate path:line`, of Debian's Rust packages. */
  readonly at: string;
  /** Of another reader, who did not know the first one's verdict. */
  readonly second?: Verdict;
}

const FOLDER = join(import.meta.dirname, 'judged');
const judged = new Map(
  readdirSync(FOLDER).map((name) => [
    name.replace(/\.json$/, ''),
    JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Judged[],
  ]),
);

describe('the judged samples', () => {
  it('are of rules that there are', () => {
    expect(judged.size).toBeGreaterThan(20);
    const known = RULES.map(({ id }) => id);
    expect([...judged.keys()].filter((rule) => !known.includes(rule))).toEqual([]);
  });

  it.each([...judged])('of %s have a place, a verdict and a reason each, and none twice', (_, samples) => {
    for (const { at, right, why } of samples) {
      expect(at).toMatch(/^\S+ .+\.rs:\d+$/);
      expect(typeof right).toBe('boolean');
      expect(why, at).toMatch(/^.{10,}\.$/);
    }
    expect(new Set(samples.map(({ at }) => at)).size).toBe(samples.length);
    expect(samples.length).toBeLessThanOrEqual(25);
  });

  it('were read again, five of each or all there are; docs/rules.md says how often both readers agreed', () => {
    const again = [...judged].map(([, samples]) => samples.filter(({ second }) => second !== undefined));
    for (const [at, [rule, samples]] of [...judged].entries())
      expect(again[at]?.length, rule).toBe(Math.min(5, samples.length));
    const both = again.flat();
    const agreed = both.filter(({ right, second }) => right === second?.right).length;
    const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'rules.md'), 'utf8');
    expect(page.replace(/\s+/g, ' ')).toContain(`agreed on ${agreed} of ${both.length}`);
    for (const { at, second } of both) expect(second?.why, at).toMatch(/^.{10,}\.$/);
  });

  it.each(RULES)('are what the table says of $id', ({ id, precision }) => {
    const samples = judged.get(id);
    const counted =
      samples === undefined
        ? null
        : { right: samples.filter(({ right }) => right).length, judged: samples.length };
    expect(precision).toEqual(counted);
  });
});
