/** The world as a command sees it: everything that would otherwise be global is handed in here. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Milliseconds since the epoch. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Aborted at the first Ctrl-C: finish what is paid for, start nothing new. */
  readonly signal: AbortSignal;
}
