/** Proxies as the environment names them; the lower-case name wins, as with curl. An empty one counts as unset. */
export function proxyOf(env: Readonly<Record<string, string | undefined>>): {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
} {
  const of = (name: string): string | undefined => env[name.toLowerCase()] ?? env[name];
  const entries = { httpProxy: of('HTTP_PROXY'), httpsProxy: of('HTTPS_PROXY'), noProxy: of('NO_PROXY') };
  return Object.fromEntries(
    Object.entries(entries).filter(([, value]) => value !== undefined && value !== ''),
  );
}
