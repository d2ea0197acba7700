import type { Kind } from './kinds.ts';

/**
 * An http or https address, without a slash at its end; `''` stands for none. No user name or password
 * (it would end up in messages and keys), no query, no fragment.
 */
export function baseUrl(): Kind<string> {
  function read(value: unknown): string | undefined {
    if (value === '') return '';
    if (typeof value !== 'string' || value.length > 2000 || !URL.canParse(value)) return undefined;
    const url = new URL(value);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
    if (url.username + url.password + url.search + url.hash !== '' || /[?#]$/.test(value)) return undefined;
    return url.href.replace(/\/{1,100}$/, '');
  }
  return {
    expected: 'an http or https address without user name, password or query',
    read,
    parse: read,
    show: (value) => JSON.stringify(value),
  };
}

/** Scheme, host and port: what a key and an agreement belong to. */
export function originOf(url: string): string {
  return new URL(url).origin;
}

/** The usual case of equal texts is decided without a parse: the first `URL` of a process costs 1-3 ms. */
export function sameOrigin(a: string, b: string): boolean {
  return a === b || originOf(a) === originOf(b);
}

/** Host and port, for people. */
export function hostOf(url: string): string {
  return new URL(url).host;
}

/** Whether what is sent to this address stays on this machine. */
export function isLoopback(url: string): boolean {
  const host = new URL(url).hostname;
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.[\d.]+$/.test(host)
  );
}

/** Loopback, private and link-local ranges, and names that only a local resolver knows. */
export function isPrivate(url: string): boolean {
  const host = new URL(url).hostname;
  if (isLoopback(url) || /\.(local|lan|internal|home\.arpa)$/.test(host)) return true;
  if (host.startsWith('[')) return /^\[(f[cd]|fe[89ab])/.test(host);
  if (!host.includes('.')) return true;
  const [a = NaN, b = NaN] = /^\d+\.\d+\.\d+\.\d+$/.test(host) ? host.split('.').map(Number) : [];
  return (
    a === 10 ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b <= 127)
  );
}
