import type { Host } from '../host.ts';
import type { Progress } from '../report/progress.ts';
import type { Layout } from '../store/layout.ts';
import type { Kept } from './kept.ts';
import type { Scope } from './scope.ts';

/** A JSON Schema whose root is an object, as the protocol wants it. */
export type ObjectSchema = { readonly type: 'object' } & Readonly<Record<string, unknown>>;

/** What an agent can call: how it is described, what it takes and gives, and what it does. */
export interface Tool<Args = unknown> {
  readonly name: string;
  readonly title: string;
  /** Tells an agent when to use it, and what comes back. */
  readonly description: string;
  /** Bounds every argument; arguments are checked against it before `run` is called. */
  readonly input: ObjectSchema;
  /** The published schema of what the command line prints; loaded when it is asked for. */
  output(): Promise<ObjectSchema>;
  run(call: Call, args: Args): Promise<Answer>;
}

/** One call, and what it may use. */
export interface Call {
  /** Its signal is the call's own: the client cancels, or the process ends. */
  readonly host: Host;
  readonly layout: Layout;
  readonly kept: Kept;
  readonly progress: Progress;
  /** What may be read, as it is when the call begins. */
  readonly scope: Scope;
  /** Said on stderr. */
  readonly note: (line: string) => void;
}

/** What a tool gives: for programs, and for clients that show text alone. */
export interface Answer {
  readonly structured: object;
  readonly text: string;
}

/** Lets a table hold tools of different arguments: `run` is called with what `input` allows. */
export function tool<Args>(definition: Tool<Args>): Tool {
  return definition as Tool;
}
