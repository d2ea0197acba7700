import { X509Certificate } from 'node:crypto';
import { UserError } from '../errors.ts';
import { expandPath } from './home.ts';
import { readText } from './read.ts';
import type { Settings } from './schema.ts';

/** Larger than every bundle of a system's authorities. */
const MAX_BYTES = 4 * 1024 * 1024;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * The PEM certificates of `tls.ca_file`, null where it names none. Throws a UserError `bad-ca-file` where there is no
 * such file or none in it: without them connections would fail, and say less of why.
 */
export function authoritiesOf(
  { tls }: Settings,
  env: Readonly<Record<string, string | undefined>>,
): string[] | null {
  if (tls.caFile === '') return null;
  const path = expandPath(tls.caFile, env);
  const file = readText(path, { maxBytes: MAX_BYTES, links: 'follow' });
  if (file.kind === 'absent') throw badFile(path, 'does not exist');
  if (file.kind === 'refused') throw badFile(path, `is ${file.why}`);
  const found = file.text.match(CERTIFICATE) ?? [];
  if (found.length === 0) throw badFile(path, 'holds no certificate');
  if (!found.every(isCertificate)) throw badFile(path, 'holds a certificate that cannot be read');
  return [...found];
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).serialNumber !== '';
  } catch {
    return false;
  }
}

function badFile(path: string, what: string): UserError {
  const hint = 'Let it name a file of PEM certificates (-----BEGIN CERTIFICATE-----).';
  return new UserError('bad-ca-file', `tls.ca_file ${path} ${what}`, hint);
}
