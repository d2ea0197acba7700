import { UserError } from '../errors.ts';
import { baseUrl, hostOf, isPrivate } from './url.ts';

const HUB = 'https://huggingface.co';

/**
 * Where models are fetched from, without a slash at its end: `HF_ENDPOINT`, as other programs name a mirror, else the
 * hub itself. Throws UserError `bad-endpoint`.
 */
export function hubOf(env: Readonly<Record<string, string | undefined>>): string {
  const given = (env['HF_ENDPOINT'] ?? '').trim();
  if (given === '') return HUB;
  const kind = baseUrl();
  const url = kind.parse(given) ?? '';
  if (url === '') {
    throw new UserError('bad-endpoint', `HF_ENDPOINT must be ${kind.expected}`, `Unset it to use ${HUB}.`);
  }
  if (url.startsWith('http:') && !isPrivate(url)) {
    const message = `HF_ENDPOINT is plain http: anybody on the way to ${hostOf(url)} could change a model`;
    throw new UserError('bad-endpoint', message, 'Use https.');
  }
  return url;
}
