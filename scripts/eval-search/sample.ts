/** Uniform numbers in [0, 1) from a seed: mulberry32 (Tommy Ettinger, public domain). */
export function newRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** At most `count` of the values, each set of them equally likely, in their order. */
export function sample<T>(values: readonly T[], count: number, random: () => number): T[] {
  const kept: T[] = [];
  let wanted = Math.min(count, values.length);
  for (const [at, value] of values.entries()) {
    if (random() * (values.length - at) >= wanted) continue;
    kept.push(value);
    wanted -= 1;
  }
  return kept;
}
