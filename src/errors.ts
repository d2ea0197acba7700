/** A mistake the user can mend: a flag, a path, a configuration. Printed as message and hint, exit status 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** Stable and machine-readable, `kebab-case`. */
  readonly code: string;
  /** What to do about it; one sentence. */
  readonly hint: string;

  constructor(code: string, message: string, hint = '') {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** The outside world failed: network, disk, another program. */
export class ExternalError extends Error {
  override readonly name = 'ExternalError';
  readonly code: string;
  readonly retryable: boolean;
  readonly hint: string;

  constructor(
    code: string,
    message: string,
    options: { readonly retryable?: boolean; readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.hint = options.hint ?? '';
  }
}

export const DISK_FULL_HINT =
  'Free some space (rustassistant cache clean), or let RUSTASSISTANT_HOME name a folder on another disk. What is stored stays.';

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (`ENOENT`), or `''`. */
export function systemCode(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : '';
}
