import { UserError } from '../errors.ts';

export interface Proxies {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
}

/**
 * Proxies as the environment names them; the lower-case name wins, as with curl. An empty one counts as unset; one
 * without a scheme is a plain http proxy. Throws a UserError `bad-proxy`, which does not repeat a password.
 */
export function proxyOf(env: Readonly<Record<string, string | undefined>>): Proxies {
  const of = (name: string): string | undefined => env[name.toLowerCase()] ?? env[name];
  const entries = {
    httpProxy: addressOf('HTTP_PROXY', of('HTTP_PROXY')),
    httpsProxy: addressOf('HTTPS_PROXY', of('HTTPS_PROXY')),
    noProxy: of('NO_PROXY'),
  };
  return Object.fromEntries(
    Object.entries(entries).filter(([, value]) => value !== undefined && value !== ''),
  );
}

function addressOf(name: string, given: string | undefined): string | undefined {
  if (given === undefined || given === '') return undefined;
  const address = given.includes('://') ? given : `http://${given}`;
  if (/^https?:/i.test(address) && URL.canParse(address)) return address;
  const hint = 'Give it like http://proxy.example:3128; other kinds of proxies are not spoken to.';
  throw new UserError('bad-proxy', `${name} is no address of an http or https proxy`, hint);
}
