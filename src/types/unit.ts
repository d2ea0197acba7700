/** What is asked about, and what one read of a file leaves behind. Data only: no behaviour. */
import type { FindingDraft } from './finding.ts';
import type { FileMetrics, ItemKind, Todo } from './syntax.ts';

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
