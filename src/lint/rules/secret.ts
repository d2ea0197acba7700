import type { Hit, LintFile } from '../rule.ts';
import type { Secret } from '../../util/secrets.ts';

const NAMES: Readonly<Record<string, string>> = {
  'private-key': 'private key',
  password: 'password',
  secret: 'secret',
  token: 'token',
  'url-password': 'password in an address',
  authorization: 'authorization header',
};
const CRITICAL = new Set(['aws-access-key-id', 'aws-secret-key', 'github-token', 'gitlab-token', 'stripe-key', 'anthropic-key', 'openai-key', 'xai-key']);

/** One finding a secret. Neither message nor quote repeats it. */
export function secretHits({ library, role }: LintFile, secrets: readonly Secret[]): Hit[] {
  const live = library || role === 'binary';
  return secrets.map(({ kind, start, end }) => ({
    rule: 'hardcoded-secret',
    start,
    end,
    ...(live && CRITICAL.has(kind) ? { severity: 'critical' as const } : {}),
    title: `${NAMES[kind] ?? kind.replaceAll('-', ' ')} in the source`,
    message: 'Everyone who can read this repository, its history or a copy of it can use it.',
    suggestion: 'Revoke it at its issuer, then read it from the environment or a secret store; the history keeps the old one.',
  }));
}
