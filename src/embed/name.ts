import { UserError } from '../errors.ts';

/** The embedder that the program brings along; no folder of that name can be taken. */
export const BUILTIN = 'builtin';

const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/;
/** Windows opens a device instead, whatever the ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,95}\/[A-Za-z0-9][A-Za-z0-9_.-]{0,95}$/;

/** A model's name becomes a folder's name: nothing that leaves its folder. Throws UserError `bad-name`. */
export function checkName(name: string): string {
  const shown = JSON.stringify(name.slice(0, 80));
  if (!NAME.test(name) || name.includes('..') || DEVICE.test(name)) {
    const hint = 'Letters, digits, dots, dashes and underscores, at most 64, like e5-small-v2.';
    throw new UserError('bad-name', `${shown} is no name for a model`, hint);
  }
  if (name.toLowerCase() === BUILTIN) {
    const hint = 'It is always there, and needs neither pull nor add.';
    throw new UserError('bad-name', `${shown} names the embedder that the program brings along`, hint);
  }
  return name;
}

/** Whether this names a repository of the hub: `owner/name`. */
export function isRepository(name: string): boolean {
  return REPOSITORY.test(name) && !name.includes('..');
}
