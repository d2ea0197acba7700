/** Proxies as the environment names them, read by `config/`: never from `process.env` here. */
export interface ProxySettings {
  readonly httpsProxy?: string | undefined;
  readonly httpProxy?: string | undefined;
  readonly noProxy?: string | undefined;
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
export async function openTransport(proxy: ProxySettings, connectMs: number): Promise<Transport> {
  const { EnvHttpProxyAgent, fetch } = await import('undici');
  const agent = new EnvHttpProxyAgent({
    // An empty string, since undefined would make undici look into process.env.
    httpProxy: proxy.httpProxy ?? '',
    httpsProxy: proxy.httpsProxy ?? '',
    noProxy: [proxy.noProxy ?? '', LOOPBACK].filter((part) => part !== '').join(','),
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: connectMs },
    proxyTls: { timeout: connectMs },
    requestTls: { timeout: connectMs },
    // Plain http is forwarded, as proxies expect: many allow tunnels to port 443 alone.
    proxyTunnel: false,
  });
  const bound = (input: unknown, init: object) => fetch(input as string, { ...init, dispatcher: agent });
  return { fetch: bound as unknown as Fetch, close: () => agent.destroy() };
}
