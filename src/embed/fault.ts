import { UserError } from '../errors.ts';
import { printable } from '../util/printable.ts';

/** A folder that is no model that can be used, and why; what its files say is repeated safe to print. */
export function badModel(message: string, hint = ''): UserError {
  return new UserError('bad-model', printable(message), hint);
}
