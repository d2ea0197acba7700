import { hash } from 'node:crypto';

/** Lower-case hex sha256 of bytes, or of a string's UTF-8. One-shot: half the time of `createHash` for short texts. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data);
}
