import type { Silence } from '../cache/dismissals.ts';
import type { Codec, Packed } from '../store/codec.ts';
import type { FileRow } from '../store/files.ts';
import type { ResultRow } from '../store/result-rows.ts';
import { resultRow } from '../store/result-rows.ts';
import type { RuleSetting } from '../types/finding.ts';
import type { SyntaxFile } from '../types/syntax.ts';
import type { SourceText } from './facts.ts';
import { factsOf } from './facts.ts';
import { mergeFile } from './merge.ts';
import { cacheKeyOf } from './question.ts';

/** What the local result of a file hangs on beside its content. */
export interface RecordOptions {
  readonly rules: Readonly<Record<string, RuleSetting>>;
  /** Of the local rules; see `variantOf`. */
  readonly variant: string;
  readonly silence: Silence;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** All that is stored of a parsed file, packed where it was parsed, so that little crosses between threads. */
export interface FileRecord extends Pick<
  FileRow,
  'generated' | 'lines' | 'items' | 'units' | 'testUnits' | 'broken'
> {
  readonly contentHash: string;
  readonly facts: Packed;
  /** What the local rules say. */
  readonly result: ResultRow;
}

/** Throws an Error where there is too much to store. */
export function recordOf(
  syntax: SyntaxFile,
  codec: Codec,
  source: SourceText,
  { rules, variant, silence, at }: RecordOptions,
): FileRecord {
  const facts = factsOf(syntax, source, rules);
  const { contentHash, generated, lines, items, units, broken } = facts;
  const { path } = source;
  const cacheKey = cacheKeyOf({ path, contentHash }, variant);
  const merged = mergeFile({ path, contentHash, cacheKey, facts, answers: null, silence, at });
  return {
    ...{ contentHash, generated, lines, items, broken },
    units: units.length,
    testUnits: units.filter(({ test }) => test).length,
    facts: codec.pack(facts, 'derived'),
    result: resultRow(merged, codec),
  };
}
