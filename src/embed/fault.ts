import { UserError } from '../errors.ts';

/** A folder that is no model that can be used, and why. */
export function badModel(message: string, hint = ''): UserError {
  return new UserError('bad-model', message, hint);
}
