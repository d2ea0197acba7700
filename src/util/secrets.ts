/**
 * Finds credentials in any text by their published forms. Pure, and linear in the text: it leaps from one
 * telling character to the next, and tries bounded patterns there.
 */
import { findAssignedSecrets } from './secrets/assignment.ts';
import { findPrivateKeys } from './secrets/pem.ts';
import { findTokens } from './secrets/tokens.ts';
import { findUrlPasswords } from './secrets/urls.ts';

export interface Secret {
  /** What it is, `kebab-case`: `github-token`, `private-key`, `password`. */
  readonly kind: string;
  /** UTF-16 offsets of the secret itself: the value, not the name or the quotes around it. */
  readonly start: number;
  readonly end: number;
}

/** Every secret in the text, in order, none overlapping another. Placeholders and look-ups are left out. */
export function findSecrets(text: string): Secret[] {
  const found = [
    ...findPrivateKeys(text),
    ...findUrlPasswords(text),
    ...findTokens(text),
    ...findAssignedSecrets(text),
  ];
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  let end = 0;
  return found.filter((secret) => {
    if (secret.start < end) return false;
    end = secret.end;
    return true;
  });
}
