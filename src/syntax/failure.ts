/**
 * A file that yielded nothing. `aborted`: the wasm heap is gone, and with it every parser of this
 * thread; only a new thread goes on.
 */
export class ParseFailure extends Error {
  override readonly name = 'ParseFailure';
  readonly kind: 'deadline' | 'aborted';

  constructor(kind: 'deadline' | 'aborted', message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
