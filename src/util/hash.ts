import { hash } from 'node:crypto';

/** Lower-case hex sha256 of bytes, or of a string's UTF-8. One-shot: half the time of `createHash` for short texts. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data);
}

/** As people compare them: the first 12 digits of a hash; what is none stays as it is. */
export function abbreviated(value: string): string {
  return /^[0-9a-f]{16,64}$/.test(value) ? value.slice(0, 12) : value;
}
