/** What one parse of one file yields. Data only: no behaviour. */
import type { Range } from './source.ts';

export type ItemKind =
  | 'fn'
  | 'struct'
  | 'enum'
  | 'union'
  | 'trait'
  | 'impl'
  | 'mod'
  | 'const'
  | 'static'
  | 'type'
  | 'macro'
  | 'use'
  | 'extern'
  | 'extern crate';

/** One function measured. Complexity: SonarSource's cognitive complexity and McCabe's cyclomatic number. */
export interface FunctionMetrics {
  readonly cognitive: number;
  readonly cyclomatic: number;
  readonly lines: number;
  readonly parameters: number;
  /** Deepest nesting of control flow. */
  readonly nesting: number;
  readonly unsafeBlocks: number;
  readonly unwraps: number;
  readonly expects: number;
  readonly panics: number;
  readonly awaits: number;
}

export interface Item extends Range {
  readonly kind: ItemKind;
  /** `''` where the language gives none (an `impl`, an `extern` block). */
  readonly name: string;
  /** Within the file, `::`-joined: `Pool::acquire`, `tests::it_works`, `<Pool as Drop>::drop`. */
  readonly path: string;
  /** As written: `pub`, `pub(crate)`, or `''`. */
  readonly visibility: string;
  /** From the visibility to before the body, white space collapsed; for types the whole head. */
  readonly signature: string;
  /** Documentation text without its comment marks; `''` where there is none. */
  readonly doc: string;
  /** As written, `#[…]`, in order. */
  readonly attributes: readonly string[];
  /** Where the signature begins, after attributes and docs. */
  readonly head: number;
  /** The body's braces included; null where the item has none. */
  readonly body: Range | null;
  /** 1-based, of `head` and of the last byte. */
  readonly startLine: number;
  readonly endLine: number;
  readonly unsafe: boolean;
  readonly async: boolean;
  /** A test function, or anything inside a `#[cfg(test)]` module. */
  readonly test: boolean;
  /** Index of the item around this one, -1 at the top of the file. */
  readonly parent: number;
  /** Part of the partition: asked and paid for by itself. Containers and nested items are not. */
  readonly unit: boolean;
  /** True where the tree below the item holds an error: what is derived from its body is unknown. */
  readonly broken: boolean;
  /** Functions with a body only; null means unknown. */
  readonly metrics: FunctionMetrics | null;
}

export type SiteKind =
  | 'fn'
  | 'closure'
  | 'async-block'
  | 'unsafe-block'
  | 'block'
  | 'if'
  | 'match'
  | 'match-arm'
  | 'loop'
  | 'logical'
  | 'try'
  | 'await'
  | 'return'
  | 'jump'
  | 'call'
  | 'macro'
  | 'let'
  | 'discard'
  | 'static-mut'
  | 'unsafe-impl'
  | 'unsafe-fn-type'
  | 'unsafe-attribute'
  | 'unsafe-token'
  | 'dereference'
  | 'string'
  | 'comment'
  | 'error';

/**
 * A place in the tree that metrics or rules look at. Sites come in document order (an outer one
 * before those inside), so that rules work on plain data and never touch the tree.
 *
 * `block` is any block, a function's, loop's or `unsafe` block's own one too; `logical` each `&&` or `||`
 * expression; `jump` a `break` or `continue` with a label; `discard` a `let _ = …`; `string` and `comment`
 * reach into attributes and macros. The arguments of a macro and the right sides of a macro definition
 * are bare tokens: in them stand, besides strings and comments, a name before `(` as a call, before `!` as a
 * macro, `.await` and `unsafe {…}`; such a call begins at its path or, for a method, at its name, such an
 * `await` at the word, and none of them has sites in it. A macro's body that reads as items is parsed like
 * any other code. `unsafe-token` is the word `unsafe` among such tokens where it begins no block; `dereference` is
 * `*x`, of a raw pointer or of anything else, and no other site counts as lying in it.
 */
export interface Site extends Range {
  readonly kind: SiteKind;
  /**
   * call: last segment of the callee (`unwrap`, `new`); macro: its name without `!`; let: the pattern as
   * written; unsafe-impl: the trait; static-mut: the name; unsafe-attribute: `no_mangle` of
   * `unsafe(no_mangle)`; unsafe-token: the word behind it or `''`; jump: the label or `''`; others `''`.
   */
  readonly name: string;
  /** Where the part after the callee or name begins: arguments with their parenthesis, macro tokens, let value; else `end`. */
  readonly detail: number;
  /** Index of the innermost site around this one, -1 where there is none. */
  readonly parent: number;
  /** Index of the innermost item around this one, -1 where there is none. */
  readonly item: number;
}

export interface Diagnostic extends Range {
  readonly kind: 'syntax-error' | 'missing-token' | 'macro-body-unparsed' | 'long-line';
  readonly message: string;
}

/** Sums over a file's functions, the largest where a sum says nothing. */
export interface FileMetrics {
  readonly lines: number;
  readonly functions: number;
  readonly cognitive: number;
  readonly cognitiveMax: number;
  readonly cyclomatic: number;
  readonly cyclomaticMax: number;
  readonly functionLinesMax: number;
  readonly parametersMax: number;
  readonly nestingMax: number;
  readonly unsafeBlocks: number;
  readonly unwraps: number;
  readonly expects: number;
  readonly panics: number;
  readonly awaits: number;
  /** Items that can carry documentation and are visible outside the file, and how many of them do. */
  readonly publicItems: number;
  readonly documentedItems: number;
}

/** What one parse of one file yields. */
export interface SyntaxFile {
  readonly text: string;
  readonly items: readonly Item[];
  /** What lies between units, in order; units and rest partition the text. */
  readonly rest: readonly Range[];
  readonly sites: readonly Site[];
  readonly diagnostics: readonly Diagnostic[];
  /** Null where the file did not parse cleanly: unknown. */
  readonly metrics: FileMetrics | null;
  /** `@generated`, bindgen output, over 5,000 lines, a line over 20,000 characters. */
  readonly generated: boolean;
}

/** A comment that puts something off. */
export interface Todo {
  readonly mark: 'TODO' | 'FIXME' | 'XXX' | 'HACK';
  /** 1-based. */
  readonly line: number;
  /** From the mark to the end of its line. */
  readonly text: string;
  /** It names an issue. */
  readonly tracked: boolean;
}
