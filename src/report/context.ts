import type { Shown } from '../search/pack.ts';
import type { Notice } from '../types/run.ts';

/** What `context` prints; its JSON is the contract of `schemas/context.schema.json`. */
export interface ContextReport {
  readonly schemaVersion: number;
  readonly task: string;
  /** Tokens: allowed, and used. */
  readonly budget: number;
  readonly tokens: number;
  /** By which tokens are counted: other models' differ somewhat. */
  readonly tokenizer: string;
  readonly mode: 'hybrid' | 'vector' | 'keyword';
  readonly model: string | null;
  /** In the order of their worth. */
  readonly items: readonly {
    readonly root: string;
    readonly path: string;
    readonly startLine: number;
    readonly endLine: number;
    readonly name: string;
    /** Found by the task's words, or mentioned by what was found. */
    readonly role: 'match' | 'dependency';
    readonly shown: Shown;
  }[];
  readonly text: string;
  readonly notices: readonly Notice[];
}
