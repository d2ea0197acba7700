import type { AskedUnit } from '../types/unit.ts';

/** A unit whose answer is missing. `key` is its item key: equal keys are one question. */
export interface Wanted {
  readonly file: string;
  readonly key: string;
  readonly unit: AskedUnit;
}

export interface PackedUnit extends Wanted {
  /** Counts from 1 within the request. */
  readonly id: number;
}

/** What one request asks. */
export interface Pack {
  readonly units: readonly PackedUnit[];
  /** UTF-8 bytes of the items, their contexts and the elements around them. */
  readonly bytes: number;
  /** Estimated, the fixed prompt not counted. */
  readonly tokens: number;
  /** `max_completion_tokens`: reasoning included. */
  readonly completionCap: number;
}

export interface PackOptions {
  /** Tokens of items that a request is filled up to. A unit above it travels alone. */
  readonly requestTokens: number;
  readonly tokensOf: (bytes: number) => number;
  readonly reasoningEffort: string;
  /** Files share no request: what one says cannot colour the answers of another. */
  readonly apart: boolean;
}

/** Longer lists of answers lose ids and order, with small models first. */
const MAX_ANSWERS = 60;
/** `<item id="NN">`, `</item>`, `<context>`, `</context>` and their line breaks. */
const ELEMENT_BYTES = 48;

/**
 * Packs units into requests in the order given (files in order of work, units in file order). A file's
 * units stay together where a request has room for them all; small files share one; a file larger than a
 * request is cut between units. Of equal keys the first is asked.
 */
export function packUnits(wanted: readonly Wanted[], options: PackOptions): Pack[] {
  const packs: Pack[] = [];
  let open: Wanted[] = [];
  const close = (): void => {
    if (open.length > 0) packs.push(packOf(open, options));
    open = [];
  };
  for (const file of byFile(wanted)) {
    const shares = !options.apart && fits([...open, ...file], options);
    if (!shares && (options.apart || fits(file, options))) close();
    for (const unit of file) {
      if (open.length > 0 && !fits([...open, unit], options)) close();
      open.push(unit);
    }
  }
  close();
  return packs;
}

/** The two halves of a pack whose answer was cut, about equal in bytes; null where one unit is left. */
export function splitPack({ units, bytes }: Pack, options: PackOptions): readonly [Pack, Pack] | null {
  if (units.length < 2) return null;
  let first = 1;
  for (let sum = bytesOf(units.slice(0, 1)); first < units.length - 1; first += 1) {
    sum += bytesOf(units.slice(first, first + 1));
    if (sum > bytes / 2) break;
  }
  return [packOf(units.slice(0, first), options), packOf(units.slice(first), options)];
}

/** One request for exactly these units, whatever their size: what was missing in an answer is asked once more. */
export function packOf(wanted: readonly Wanted[], options: PackOptions): Pack {
  const units = wanted.map(({ file, key, unit }, index) => ({ file, key, unit, id: index + 1 }));
  const bytes = bytesOf(units);
  const tokens = options.tokensOf(bytes);
  return {
    units,
    bytes,
    tokens,
    completionCap: completionCap(answersOf(units), tokens, options.reasoningEffort),
  };
}

/** The questions of each file together, each question once. */
function byFile(wanted: readonly Wanted[]): Wanted[][] {
  const keys = new Set<string>();
  const files = new Map<string, Wanted[]>();
  for (const one of wanted) {
    if (keys.has(one.key)) continue;
    keys.add(one.key);
    const file = files.get(one.file);
    if (file === undefined) files.set(one.file, [one]);
    else file.push(one);
  }
  return [...files.values()];
}

function fits(units: readonly Wanted[], { requestTokens, tokensOf }: PackOptions): boolean {
  return answersOf(units) <= MAX_ANSWERS && tokensOf(bytesOf(units)) <= requestTokens;
}

function answersOf(units: readonly Wanted[]): number {
  return units.reduce((sum, { unit }) => sum + (unit.addition?.answers ?? 1), 0);
}

function bytesOf(units: readonly Wanted[]): number {
  return units.reduce((sum, { unit }) => sum + unit.bytes + ELEMENT_BYTES, 0);
}

/** Tokens that a model may think before it answers, by effort; an unknown effort counts as `low`. */
const REASONING_TOKENS: Readonly<Record<string, number>> = {
  none: 0,
  minimal: 1024,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 32_768,
};
/** `{"id":12,"findings":[]},` takes 10; one that indents takes 40; small models find something in every second item. */
const ANSWER_TOKENS = 80;
/** A finding is about 150 tokens; room for one in 600 tokens of code, and for four wherever there is little. */
const FINDING_SHARE = 0.25;
const FINDINGS_TOKENS = 600;

/** The most that an answer may cost in tokens, reasoning included: it bounds what a request can cost. */
export function completionCap(answers: number, tokens: number, reasoningEffort: string): number {
  const reasoning = REASONING_TOKENS[reasoningEffort] ?? REASONING_TOKENS['low'] ?? 0;
  return Math.ceil(reasoning + FINDINGS_TOKENS + answers * ANSWER_TOKENS + tokens * FINDING_SHARE);
}

/** What an answer is likely to cost, for the price that is shown beforehand: a third of the most, set by hand. */
export function completionExpected(cap: number): number {
  return Math.ceil(cap / 3);
}
