import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../src/lint/table.ts';

/** A finding that someone read in its place, and whether its claim holds there. */
interface Judged {
  /** `crate path:line`, of Debian's Rust packages. */
  readonly at: string;
  readonly right: boolean;
  readonly why: string;
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

  it.each(RULES)('are what the table says of $id', ({ id, precision }) => {
    const samples = judged.get(id);
    const counted =
      samples === undefined
        ? null
        : { right: samples.filter(({ right }) => right).length, judged: samples.length };
    expect(precision).toEqual(counted);
  });
});
