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

/** Why the system refused, without the call and the file, which may be one that only took the other's place. */
export function reasonOf(error: unknown): string {
  return messageOf(error).replace(/^([A-Z]+: [^,]+), .*$/s, '$1');
}

/** The system's refusals of a file or a folder; their messages name it. */
const REFUSALS = new Set(['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'ENOENT', 'EIO']);

/** An error as a user reads it: what went wrong, and what to do about it. */
export interface Told {
  /** `internal`: a defect of ours. */
  readonly code: string;
  readonly message: string;
  /** `''` where there is nothing to do. */
  readonly hint: string;
  readonly retryable: boolean;
}

/** Anything thrown, as it is told to whoever asked. */
export function told(error: unknown): Told {
  const message = messageOf(error);
  if (error instanceof UserError) return { code: error.code, message, hint: error.hint, retryable: false };
  if (error instanceof ExternalError) {
    const { code, hint, retryable } = error;
    return { code, message, hint, retryable };
  }
  const system = systemCode(error);
  const other = { message, retryable: false };
  if (system === 'ENOSPC') return { ...other, code: 'disk-full', hint: DISK_FULL_HINT };
  if (REFUSALS.has(system)) {
    return { ...other, code: 'file-unusable', hint: 'Check that it is what it should be, and whose.' };
  }
  return { ...other, code: 'internal', hint: 'This is a defect of rustassistant, please report it.' };
}
