import type * as tls from 'node:tls';

/** Proxies as the environment names them, read by `config/`: never from `process.env` here. */
export interface ProxySettings {
  readonly httpsProxy?: string | undefined;
  readonly httpProxy?: string | undefined;
  readonly noProxy?: string | undefined;
}

export interface TransportOptions {
  readonly proxy?: ProxySettings;
  /** PEM certificates that are trusted beside the built-in ones. */
  readonly authorities?: readonly string[] | null;
  /** Milliseconds. */
  readonly connectMs: number;
}

export type Fetch = typeof globalThis.fetch;

export interface Transport {
  readonly fetch: Fetch;
  close(): Promise<void>;
}

// No proxy can reach this machine's own loopback, where local models are served.
const LOOPBACK = 'localhost,127.0.0.1,[::1]';

/**
 * A `fetch` that honours proxies: Node 20's own ignores them. undici's clocks are off, the exchange keeps
 * its own; its `fetch` and its agent come from one package, as they must.
 */
export async function openTransport({
  proxy = {},
  authorities,
  connectMs,
}: TransportOptions): Promise<Transport> {
  const { EnvHttpProxyAgent, fetch } = await import('undici');
  const connect = { timeout: connectMs, ...(authorities ? { ca: await trusted(authorities) } : {}) };
  const agent = new EnvHttpProxyAgent({
    // An empty string, since undefined would make undici look into process.env.
    httpProxy: proxy.httpProxy ?? '',
    httpsProxy: proxy.httpsProxy ?? '',
    noProxy: [proxy.noProxy ?? '', LOOPBACK].filter((part) => part !== '').join(','),
    headersTimeout: 0,
    bodyTimeout: 0,
    connect,
    proxyTls: connect,
    requestTls: connect,
    // Plain http is forwarded, as proxies expect: many allow tunnels to port 443 alone.
    proxyTunnel: false,
  });
  const bound = (input: unknown, init: object) => fetch(input as string, { ...init, dispatcher: agent });
  return { fetch: bound as unknown as Fetch, close: () => agent.destroy() };
}

type Tls = Pick<typeof tls, 'rootCertificates'> & {
  /** From Node 22.15 on; tells also what NODE_EXTRA_CA_CERTS names. */
  getCACertificates?(type: 'default'): string[];
};

/** `ca` takes the place of what Node trusts by itself, so that it stands in it too. */
async function trusted(authorities: readonly string[]): Promise<string[]> {
  const node: Tls = await import('node:tls');
  return [...(node.getCACertificates?.('default') ?? node.rootCertificates), ...authorities];
}
