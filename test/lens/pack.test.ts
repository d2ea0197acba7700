import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completionCap, completionExpected, packOf, packUnits, splitPack } from '../../src/lens/pack.ts';
import type { Pack, PackOptions, Wanted } from '../../src/lens/pack.ts';

const ELEMENT = 48;
const OPTIONS: PackOptions = {
  requestTokens: 1000,
  tokensOf: (bytes) => Math.ceil(bytes / 2),
  reasoningEffort: 'low',
  apart: false,
};

/** `a.rs#2:500`: the second unit of a.rs, with so many tokens in a request. Its key is its name unless given. */
function wanted(name: string, key = name): Wanted {
  const [, file = '', tokens = ''] = /^(.+)#\d+:(\d+)$/.exec(name) ?? [];
  const bytes = Number(tokens) * 2 - ELEMENT;
  return {
    file,
    key,
    unit: { hash: name, context: '', path: name, kind: 'fn', start: 0, end: bytes, bytes, test: false },
  };
}

const shown = (packs: readonly Pack[]): string[][] =>
  packs.map(({ units }) => units.map(({ unit }) => unit.path));

describe('packUnits', () => {
  const check = (
    names: readonly string[],
    expected: readonly string[][],
    options: Partial<PackOptions> = {},
  ): void =>
    expect(
      shown(
        packUnits(
          names.map((name) => wanted(name)),
          { ...OPTIONS, ...options },
        ),
      ),
    ).toEqual(expected);

  it('puts small files into one request', () => {
    check(['a#1:300', 'a#2:300', 'b#1:400'], [['a#1:300', 'a#2:300', 'b#1:400']]);
  });
  it('keeps the units of a file together where a request holds them', () => {
    check(['a#1:600', 'b#1:300', 'b#2:300', 'c#1:400'], [['a#1:600'], ['b#1:300', 'b#2:300', 'c#1:400']]);
  });
  it('cuts a file that no request holds, and fills up what is open', () => {
    check(
      ['a#1:400', 'b#1:500', 'b#2:500', 'b#3:500', 'c#1:100'],
      [['a#1:400', 'b#1:500'], ['b#2:500', 'b#3:500'], ['c#1:100']],
    );
  });
  it('sends a unit alone that is too large', () => {
    check(['a#1:100', 'a#2:5000', 'a#3:100'], [['a#1:100'], ['a#2:5000'], ['a#3:100']]);
  });
  it('asks for no more answers than a model keeps apart', () => {
    const asking = (at: number, answers: number): Wanted => {
      const one = wanted(`a#${at}:20`);
      return { ...one, unit: { ...one.unit, addition: { base: '', text: '', answers } } };
    };
    const packs = packUnits([asking(1, 40), asking(2, 20), asking(3, 61), asking(4, 1)], OPTIONS);
    expect(packs.map(({ units }) => units.length)).toEqual([2, 1, 1]);
    expect(packs[0]?.completionCap).toBe(completionCap(60, packs[0]?.tokens ?? 0, 'low'));
  });
  it('lets no two files share a request where files travel apart', () => {
    check(['a#1:100', 'b#1:100', 'b#2:100'], [['a#1:100'], ['b#1:100', 'b#2:100']], { apart: true });
  });
  it('asks equal questions once', () => {
    const packs = packUnits(
      [wanted('a#1:10', 'k'), wanted('a#2:10', 'k'), wanted('b#1:10', 'k'), wanted('b#2:10')],
      OPTIONS,
    );
    expect(shown(packs)).toEqual([['a#1:10', 'b#2:10']]);
  });
  it('counts ids from 1 in each request, and asks for no long list', () => {
    const many = Array.from({ length: 130 }, (_, at) => wanted(`a#${at}:30`));
    const packs = packUnits(many, { ...OPTIONS, requestTokens: 100_000 });
    expect(packs.map(({ units }) => units.length)).toEqual([60, 60, 10]);
    for (const { units } of packs) expect(units.map(({ id }) => id)).toEqual(units.map((_, at) => at + 1));
  });

  const units = fc
    .array(
      fc.record({
        file: fc.constantFrom('a', 'b', 'c', 'd'),
        tokens: fc.integer({ min: 25, max: 1500 }),
        twin: fc.nat(8),
      }),
    )
    .map((list) =>
      list.map(({ file, tokens, twin }, at) =>
        wanted(`${file}#${at}:${tokens}`, twin === 0 ? 'twin' : `k${at}`),
      ),
    );

  it('asks every question exactly once, in order within a file, in requests of the size asked for', () => {
    fc.assert(
      fc.property(units, fc.boolean(), (list, apart) => {
        const packs = packUnits(list, { ...OPTIONS, apart });
        const keys = packs.flatMap((pack) => pack.units.map(({ key }) => key));
        expect([...keys].sort()).toEqual([...new Set(list.map(({ key }) => key))].sort());
        for (const file of ['a', 'b', 'c', 'd']) {
          const of = (given: readonly Wanted[]): string[] =>
            given.filter((one) => one.file === file).map(({ unit }) => unit.path);
          const asked = of(packs.flatMap((pack) => pack.units));
          expect(asked).toEqual(of(list).filter((path) => asked.includes(path)));
        }
        for (const { units: packed, tokens } of packs) {
          expect(packed.length === 1 || tokens <= OPTIONS.requestTokens).toBe(true);
          if (apart) expect(new Set(packed.map(({ file }) => file)).size).toBe(1);
        }
      }),
    );
  });
});

describe('splitPack', () => {
  it('makes two packs of about half the bytes, which hold the same units', () => {
    const pack = packOf(
      ['a#1:100', 'a#2:100', 'b#1:500', 'b#2:300'].map((name) => wanted(name)),
      OPTIONS,
    );
    const halves = splitPack(pack, OPTIONS);
    expect(halves && shown(halves)).toEqual([
      ['a#1:100', 'a#2:100'],
      ['b#1:500', 'b#2:300'],
    ]);
    expect(halves?.[1].units.map(({ id }) => id)).toEqual([1, 2]);
    expect(halves?.[0].bytes).toBe(400);
  });
  it('ends at single units, whatever their sizes', () => {
    const all = (pack: Pack): string[] => {
      const halves = splitPack(pack, OPTIONS);
      if (halves === null) return pack.units.map(({ unit }) => unit.path);
      expect(halves.every(({ units }) => units.length > 0)).toBe(true);
      return halves.flatMap(all);
    };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 25, max: 9000 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        const list = sizes.map((tokens, at) => wanted(`a#${at}:${tokens}`));
        expect(all(packOf(list, OPTIONS))).toEqual(list.map(({ unit }) => unit.path));
      }),
    );
  });
});

describe('completionCap', () => {
  it('grows with items, with code, and with what the model may think', () => {
    expect(completionCap(1, 100, 'none')).toBe(600 + 80 + 25);
    expect(completionCap(40, 12_000, 'low')).toBe(2048 + 600 + 3200 + 3000);
    expect(completionCap(1, 100, 'high')).toBeGreaterThan(completionCap(1, 100, 'medium'));
    expect(completionCap(1, 100, '')).toBe(completionCap(1, 100, 'low'));
  });
  it('is expected to be used in part', () => {
    expect(completionExpected(3000)).toBe(1000);
  });
});
