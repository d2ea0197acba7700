import type { Hit, LintFile } from '../rule.ts';
import { lineStart } from '../text.ts';
import type { Secret } from '../../util/secrets.ts';

const NAMES: Readonly<Record<string, string>> = {
  'private-key': 'private key',
  password: 'password',
  secret: 'secret',
  token: 'token',
  'url-password': 'password in an address',
  authorization: 'authorization header',
};
const CRITICAL = new Set([
  'aws-access-key-id',
  'aws-secret-key',
  'github-token',
  'gitlab-token',
  'stripe-key',
  'anthropic-key',
  'openai-key',
  'xai-key',
]);

/** Kinds that no issuer's form proves: in tests and documentation they are made up. */
const WEAK = new Set([
  'password',
  'secret',
  'token',
  'url-password',
  'authorization',
  'json-web-token',
  'private-key',
]);

/** One finding a secret. Neither message nor quote repeats it. */
export function secretHits(file: LintFile, secrets: readonly Secret[]): Hit[] {
  const told = secrets.filter(({ kind, start }) => !WEAK.has(kind) || !isDocumented(file, start));
  return told.map(({ kind, start, end }) => ({
    rule: 'hardcoded-secret',
    start,
    end,
    ships: WEAK.has(kind),
    ...severityOf(file, kind, start),
    title: `${NAMES[kind] ?? kind.replaceAll('-', ' ')} in the source`,
    message: 'Everyone who can read this repository, its history or a copy of it can use it.',
    suggestion:
      'Revoke it at its issuer, then read it from the environment or a secret store; the history keeps the old one.',
  }));
}

function isDocumented({ text }: LintFile, start: number): boolean {
  return /^\s*\/\/[/!]/.test(text.slice(lineStart(text, start), start));
}

function severityOf({ text, library, role }: LintFile, kind: string, start: number): Pick<Hit, 'severity'> {
  if (WEAK.has(kind) && /^\s*(?:\/\/|\*)/.test(text.slice(lineStart(text, start), start)))
    return { severity: 'low' };
  return CRITICAL.has(kind) && (library || role === 'binary') ? { severity: 'critical' } : {};
}
