/** What a key may hold: how a value is read, and how it is written back. Pure. */
export interface Kind<T> {
  /** Completes the sentence "… must be …". */
  readonly expected: string;
  /** From a TOML value; undefined where it does not fit. */
  read(value: unknown): T | undefined;
  /** From the text of an environment variable or a flag; undefined where it does not fit. */
  parse(text: string): T | undefined;
  /** As it would stand in the file. */
  show(value: T): string;
}

/** A string that matches a pattern from its first to its last character. */
export function text(pattern: RegExp, expected: string): Kind<string> {
  const read = (value: unknown) => (typeof value === 'string' && pattern.test(value) ? value : undefined);
  return { expected, read, parse: read, show: (value) => JSON.stringify(value) };
}

export function oneOf<const T extends string>(names: readonly T[]): Kind<T> {
  const read = (value: unknown) => names.find((name) => name === value);
  return {
    expected: `one of ${names.map((name) => JSON.stringify(name)).join(', ')}`,
    read,
    parse: read,
    show: (value) => JSON.stringify(value),
  };
}

/** A list of distinct names; as text they stand with commas between them. */
export function listOf<const T extends string>(names: readonly T[]): Kind<readonly T[]> {
  function read(value: unknown): readonly T[] | undefined {
    if (!Array.isArray(value) || new Set(value).size !== value.length) return undefined;
    const found = value.map((entry) => names.find((name) => name === entry));
    return found.every((name) => name !== undefined) ? found : undefined;
  }
  return {
    expected: `a list of names, each of them once, out of ${names.map((name) => JSON.stringify(name)).join(', ')}`,
    read,
    parse: (given) => read(given.trim() === '' ? [] : given.split(',').map((name) => name.trim())),
    show: (value) => `[${value.map((name) => JSON.stringify(name)).join(', ')}]`,
  };
}

export function yesNo(): Kind<boolean> {
  return {
    expected: 'true or false',
    read: (value) => (typeof value === 'boolean' ? value : undefined),
    parse: (given) => (given === 'true' ? true : given === 'false' ? false : undefined),
    show: String,
  };
}

export function wholeNumber(low: number, high: number): Kind<number> {
  const expected = `a whole number from ${low} to ${high}`;
  return number(expected, (value) => Number.isInteger(value) && value >= low && value <= high, String);
}

/** A dollar amount. The upper bound keeps its ticks (10^-10 USD) exact as a JavaScript number. */
export function usd(high: number): Kind<number> {
  return number(`an amount in USD from 0 to ${high}`, (value) => value >= 0 && value <= high, decimal);
}

export function ratio(): Kind<number> {
  return number('a number above 0 and up to 1', (value) => value > 0 && value <= 1, decimal);
}

/** The same kind for a key that has no default. */
export function optional<T>(kind: Kind<T>): Kind<T | null> {
  return { ...kind, show: (value) => (value === null ? '' : kind.show(value)) };
}

/** Largest unit first, the binary one before the decimal one. */
const UNITS: readonly (readonly [string, number])[] = [
  ['GiB', 2 ** 30],
  ['GB', 1e9],
  ['MiB', 2 ** 20],
  ['MB', 1e6],
  ['KiB', 2 ** 10],
  ['kB', 1e3],
  ['B', 1],
];

/** Bytes, written as `"1MiB"` (2^20), `"500MB"` (10^6) or a plain number of bytes. */
export function size(low: number, high: number): Kind<number> {
  const within = (bytes: number) => (bytes >= low && bytes <= high ? bytes : undefined);
  function parse(given: string): number | undefined {
    const [, digits = '', unit = ''] = /^(\d{1,16}(?:\.\d{1,9})?) ?([kKMG]i?B|B|)$/.exec(given) ?? [];
    if (digits === '') return undefined;
    const factor = UNITS.find(([name]) => name.toLowerCase() === (unit || 'B').toLowerCase())?.[1] ?? 1;
    return within(Math.floor(Number(digits) * factor));
  }
  return {
    expected: `a size from ${showSize(low)} to ${showSize(high)}, such as "1MiB" or "500MB"`,
    read: (value) =>
      typeof value === 'string'
        ? parse(value)
        : Number.isInteger(value)
          ? within(value as number)
          : undefined,
    parse,
    show: (value) => JSON.stringify(showSize(value)),
  };
}

function showSize(bytes: number): string {
  const [name, factor] = UNITS.find(([, unit]) => bytes !== 0 && bytes % unit === 0) ?? ['B', 1];
  return `${bytes / factor}${name}`;
}

/** `-0` and whatever is not finite never pass: a cap of NaN would compare as no cap at all. */
function number(
  expected: string,
  fits: (value: number) => boolean,
  show: (value: number) => string,
): Kind<number> {
  const read = (value: unknown) =>
    typeof value === 'number' && Number.isFinite(value) && fits(value) ? value + 0 : undefined;
  return {
    expected,
    read,
    parse: (given) => (/^(\d{1,16}(\.\d{1,16})?|\.\d{1,16})$/.test(given) ? read(Number(given)) : undefined),
    show,
  };
}

function decimal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
