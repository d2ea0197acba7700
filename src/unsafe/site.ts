import type { Position } from '../types/source.ts';

/** Where the word `unsafe` stands; `macro`: among the bare tokens of a macro. */
export const UNSAFE_KINDS = [
  ...(['block', 'fn', 'trait', 'impl', 'extern', 'static', 'attribute', 'fn-type', 'macro'] as const),
] as const;
export type UnsafeKind = (typeof UNSAFE_KINDS)[number];

/** A call as it is written: enough to find by name what is called. */
export interface Call {
  readonly name: string;
  /** Last segment before the name, `ptr` of `std::ptr::read`; `''` for a bare name or a method. */
  readonly qualifier: string;
  readonly method: boolean;
  /** Arguments written, a receiver before the dot not counted. */
  readonly arguments: number;
}

/** Something in unsafe code that may need it; whether it does is settled by what the names stand for. */
export type RawOperation = { readonly text: string; readonly line: number } & (
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'dereference'; readonly raw: boolean }
  | { readonly kind: 'asm' }
  | { readonly kind: 'name' | 'field'; readonly name: string }
);

/** A place as one file's tree shows it. */
export interface RawSite extends Position {
  readonly kind: UnsafeKind;
  /** Of a function, trait or attribute, the trait of an impl, the word behind it in a macro; else `''`. */
  readonly name: string;
  /** Path of the innermost named item. */
  readonly item: string;
  readonly test: boolean;
  /** Where the unit around it begins, UTF-16 units; null outside of units. */
  readonly unit: number | null;
  readonly operations: readonly RawOperation[];
  /** The comments that argue for it; null where there is none. */
  readonly comment: string | null;
  /** What it asks of its callers or implementors itself; null where it states nothing. */
  readonly contract: readonly string[] | null;
  /** What the unsafe function around a block asks of its callers: what the block may lean on. */
  readonly around: readonly string[];
  /** It lies in an unsafe function, whose callers answer for it, or takes its contract from a trait or a library. */
  readonly answered: boolean;
}

/** An unsafe function or trait that code elsewhere may name. */
export interface Declared {
  readonly name: string;
  /** Type or trait that it belongs to; for std's free functions `''`, their module stands in `module`. */
  readonly owner: string;
  /** Last segment of the module, where it is known. */
  readonly module: string;
  /** For people: `ptr::read`, `Ring::push`. */
  readonly path: string;
  readonly kind: 'fn' | 'trait' | 'foreign';
  /** It takes `self`. */
  readonly method: boolean;
  /** Parameters, `self` not counted. */
  readonly parameters: number;
  /** Null where it states none. */
  readonly clauses: readonly string[] | null;
  /** A safe function of the same name and shape stands beside it. */
  readonly ambiguous: boolean;
}

/** What a file declares that unsafe code elsewhere may name. */
export interface Declarations {
  readonly declared: readonly Declared[];
  /** Names of safe functions with the number of their parameters, `self` counted: `push/2`. */
  readonly safe: readonly string[];
  readonly staticMuts: readonly string[];
  readonly unionFields: readonly string[];
}

/** What one file tells of unsafe code. */
export interface UnsafeFacts extends Declarations {
  readonly sites: readonly RawSite[];
  /** Path of the first module of tests. */
  readonly testModule: string | null;
  /** What did not parse: then what is listed may not be all. */
  readonly problem: string | null;
}
