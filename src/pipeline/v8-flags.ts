/** The versions of V8 that are known to have these flags: another would say on stderr that it has not. */
const FIRST_V8 = 11;
const LAST_V8 = 14;
const LAST_BEFORE_MAGLEV = 11;

/**
 * Bytes of wasm that a function executes before it is optimised; by itself V8 takes 1.8 (Node 20) to 13 million. A turn
 * of a loop counts with the size of the loop, which in the parser is all of its 84 KB.
 */
const BUDGET = 2_000_000_000;

/**
 * Lets V8 wait with the optimisation of the wasm that is loaded from here on. Two functions of the parser take it 75 ms of
 * CPU, begun after a few lines of Rust, and Node does not end before that is done: too much for a few files, and
 * nothing for many.
 */
export function optimizeWasmLate(): Promise<void> {
  return setFlag(`--wasm-tiering-budget=${BUDGET}`);
}

/** Bytes of bytecode that a function executes before it is looked at; by itself V8 11 takes 68 thousand. */
const INTEREST = 400_000;

/**
 * Lets V8 wait with the optimisation of JavaScript. Each thread compiles for itself, and what is compiled before the code
 * has seen enough files is thrown away and compiled again: of a run of seconds that was a tenth. Where Maglev comes
 * before (Node 22), waiting gains nothing.
 */
export function optimizeLate(): Promise<void> {
  return setFlag(`--interrupt-budget=${INTEREST}`, LAST_BEFORE_MAGLEV);
}

/** Per cent that a heap may grow before it is cleaned; by itself V8 takes 300 where a machine has memory. */
const GROWTH = 30;

/** Lets V8 clean the heaps of this process's threads more often: each of them holds the garbage of many files. */
export function growSlowly(): Promise<void> {
  return setFlag(`--heap-growing-percent=${GROWTH}`);
}

async function setFlag(flag: string, last = LAST_V8): Promise<void> {
  const major = Number.parseInt(process.versions.v8, 10);
  if (major < FIRST_V8 || major > last) return;
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString(flag);
}
