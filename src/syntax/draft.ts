import type { FunctionMetrics, Item, Site } from '../types/syntax.ts';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Counters of one function while its body is walked. */
export type Counters = Mutable<FunctionMetrics>;

/** An item while the file is walked. */
export interface Draft {
  readonly item: Mutable<Item>;
  /** Its members stand at item level: a block of items, and not one in a function's body. */
  container: boolean;
  /** Members may be units: a container with none but containers around it. */
  readonly open: boolean;
  /** Could be a unit where it stands in an open place. */
  weight: 'unit' | 'rest' | 'unit-if-alone';
  /** What the paths of its members begin with. */
  readonly scope: string;
  readonly counters: Counters | null;
  /** A function that calls itself. */
  recursive: boolean;
}

export type DraftSite = Mutable<Site>;
