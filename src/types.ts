/** Records that cross the walls between rooms. Data only: no behaviour, no imports. */

/** Worst first: the order in which findings are shown. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];
export type SeverityCounts = Readonly<Record<Severity, number>>;

/** What part a file plays in its Cargo package; only `library` code is held to library rules. */
export type FileRole = 'library' | 'binary' | 'test' | 'example' | 'bench' | 'build';

/** Why a file was found but not analysed. The reason is counted and shown, never silent. */
export type SkipReason =
  'too-large' | 'binary' | 'not-utf8' | 'name-not-utf8' | 'symlink' | 'not-a-file' | 'unreadable';

/** What the disk says of a file without reading it. */
export interface FileStat {
  /** Size, mtime and ctime in nanoseconds, and inode, as one comparable string. */
  readonly stamp: string;
  /** Bytes. */
  readonly size: number;
  /** The later of mtime and ctime, milliseconds since the epoch: decides whether a stamp is racy. */
  readonly modifiedMs: number;
}

export interface RepoFile extends FileStat {
  /** Relative to the repository root, with `/`. */
  readonly path: string;
  readonly role: FileRole;
}

export interface SkippedFile {
  readonly path: string;
  readonly reason: SkipReason;
}

/** A half-open range of UTF-16 offsets into the file's text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

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

/** Lines and columns are 1-based; columns count Unicode code points; the end is exclusive. */
export interface Position {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export type FindingSource = 'local' | 'llm' | 'import';

/** A finding before the merge gives it its id. */
export interface FindingDraft extends Position {
  readonly rule: string;
  readonly source: FindingSource;
  readonly severity: Severity;
  readonly category: string;
  readonly title: string;
  readonly message: string;
  readonly suggestion?: string;
  /** Path of the innermost named item around it; `''` at the top of the file. */
  readonly item: string;
  readonly quote: string;
  /** The reason given where the code or the configuration silences it. */
  readonly suppressed?: string;
  /** A second look at what the model found refuted it; then `suppressed` says how. */
  readonly refuted?: true;
}

export interface Finding extends FindingDraft {
  readonly id: string;
  /** Under `--since` alone: whether its item stood in no changed file as it stands now. */
  readonly changed?: boolean;
  /** When a person dismissed it, ISO 8601; then `suppressed` is the reason given. */
  readonly dismissedAt?: string;
}

/** What a person said of a finding: not to be told of it again, and why. */
export interface Dismissal {
  readonly rule: string;
  /** Where it stood then; says something only where there was no item around it. */
  readonly path: string;
  readonly item: string;
  readonly quote: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

/** 0-100; null means unknown. */
export interface Scores {
  readonly quality: number | null;
  readonly security: number | null;
  readonly maintainability: number | null;
  readonly complexity: number | null;
  readonly documentation: number | null;
}

/** How a rule is set: switched off, or at which severity it speaks. */
export type RuleSetting = Severity | 'off';

/** A unit as the plan sees it: enough to make its key and estimate its price without its text. */
export interface Unit {
  /** sha256 of the unit's UTF-8 bytes. */
  readonly hash: string;
  /** sha256 of the context shown beside it. */
  readonly context: string;
  readonly path: string;
  readonly kind: ItemKind;
  readonly start: number;
  readonly end: number;
  /** UTF-8 bytes of text and context. */
  readonly bytes: number;
  readonly test: boolean;
}

/** What a question shows with a unit beside the context that its file gives; the unit's `context` covers both. */
export interface Addition {
  /** sha256 of the file's own context. */
  readonly base: string;
  readonly text: string;
  /** How many answers it asks for; each takes room in the reply. */
  readonly answers: number;
}

/** A unit as a question asks about it. */
export interface AskedUnit extends Unit {
  readonly addition?: Addition;
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

/** Everything one read of one file leaves behind. */
export interface FileFacts {
  readonly contentHash: string;
  readonly lines: number;
  readonly units: readonly Unit[];
  readonly findings: readonly FindingDraft[];
  readonly metrics: FileMetrics | null;
  readonly generated: boolean;
  /** Of every kind, containers and nested ones too; the summary counts units. */
  readonly items: number;
  readonly todos: readonly Todo[];
  /** Syntax diagnostics: their number, and the first one's message. */
  readonly broken: string | null;
}

/** Tokens and money of one answered request. 1 USD = 10^10 ticks. */
export interface Usage {
  readonly ticks: number;
  /** True where the cost was computed from tokens rather than told by the server. */
  readonly estimated: boolean;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

export const TICKS_PER_USD = 1e10;

/** USD per million tokens. */
export interface Price {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
  readonly source: 'api' | 'catalogue' | 'config';
}

/** One finding as the model gave it, anchored in the text that it was sent. */
export interface LensFinding {
  readonly quote: string;
  readonly severity: Severity;
  readonly category: string;
  readonly title: string;
  readonly message: string;
  readonly suggestion: string;
  /** Offsets into the item's own text, after mapping back through redaction. */
  readonly start: number;
  readonly end: number;
}

/** What every stored answer has, whatever was asked. */
export interface AnswerHead {
  readonly status: 'complete' | 'truncated' | 'failed';
  /** Hashes of other items of the same file that it leans on. */
  readonly cites: readonly string[];
}

/** What is stored, and paid for, per item. */
export interface Answer extends AnswerHead {
  readonly findings: readonly LensFinding[];
  /** Findings that could not be anchored and were left out. */
  readonly unanchored: number;
  /** Of the lens `safety`: its requirements by what was said of them. */
  readonly requirements?: { readonly met: number; readonly unmet: number; readonly unclear: number };
  /** Of the lens `verify`: what a second look made of the finding, and why. */
  readonly verdict?: { readonly kind: 'refuted' | 'upheld' | 'undecided'; readonly reason: string };
}

export type FileStatus = 'analyzed' | 'cached' | 'reused' | 'skipped' | 'failed';

export interface Notice {
  readonly code: string;
  readonly message: string;
}
