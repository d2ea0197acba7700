import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LlmServer } from '../support/llm-server.ts';
import { startLlmServer } from '../support/llm-server.ts';
import { folderWith, freshFolder, rustassistant } from '../support/cli.ts';
import type { Proxy, TlsServer } from '../support/tls.ts';
import { startProxy, startTlsServer } from '../support/tls.ts';

/** No resolver knows it: only the proxy leads there. */
const NAME = 'llm.example.invalid';
const KEY = 'xai-0123456789';

let server: LlmServer;
let tls: TlsServer;
let proxy: Proxy;
beforeAll(async () => {
  server = await startLlmServer({ key: KEY });
  tls = await startTlsServer(NAME, server.url);
  proxy = await startProxy(tls.address);
});
afterAll(async () => {
  proxy.close();
  tls.close();
  await server.close();
});

/** A home whose server is behind https, its key in a file. */
function homeTrusting(certificate: string | null, at = NAME): string {
  const home = freshFolder('home');
  mkdirSync(join(home, 'ra'), { mode: 0o700 });
  writeFileSync(join(home, 'key'), `${KEY}\n`, { mode: 0o600 });
  const config = `[llm]
provider = "openai-compatible"
base_url = "https://${at}/v1"
model = "grok-4.3"
key_file = "${join(home, 'key')}"
price_input = 1.25
price_output = 2.5
${certificate === null ? '' : `[tls]\nca_file = "${certificate}"\n`}`;
  writeFileSync(join(home, 'ra', 'config.toml'), config);
  return home;
}

const folder = folderWith({ 'src/lib.rs': 'pub fn f(t: &str) -> u8 { t.parse().unwrap() }\n' });

/** Exit status, and how often the proxy and the server were asked. */
async function ask(home: string, env: Readonly<Record<string, string>>) {
  const before = [proxy.asked.length, server.log.length] as const;
  const { status, stdout, stderr } = await rustassistant(home, ['analyze', folder], { env });
  const tunnels = proxy.asked.length - before[0];
  return { status, tunnels, requests: server.log.length - before[1], said: stdout + stderr };
}

describe('https through a proxy, to a server that signed its own certificate', () => {
  test.each(['HTTPS_PROXY', 'https_proxy'])('%s leads there, tls.ca_file trusts it', async (name) => {
    const home = homeTrusting(tls.certificate);
    const paid = await ask(home, { [name]: `http://127.0.0.1:${proxy.port}` });
    expect(paid, paid.said).toMatchObject({ status: 0, requests: 1 });
    expect(paid.tunnels).toBeGreaterThan(0);
    expect(proxy.asked.at(-1)).toBe(`CONNECT ${NAME}:443`);
  });

  test('a proxy without a scheme is one, and one of another kind is a mistake', async () => {
    const plain = await ask(homeTrusting(tls.certificate), { HTTPS_PROXY: `127.0.0.1:${proxy.port}` });
    expect(plain).toMatchObject({ status: 0, requests: 1 });
    const socks = await ask(homeTrusting(tls.certificate), { HTTPS_PROXY: 'socks5://u:secret@127.0.0.1:1' });
    expect(socks).toMatchObject({ status: 2, tunnels: 0, requests: 0 });
    expect(socks.said).toContain('error: HTTPS_PROXY is no address of an http or https proxy\n');
    expect(socks.said).not.toContain('secret');
  });

  test.each(['NO_PROXY', 'no_proxy'])('%s leads past it', async (name) => {
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    const through = await ask(homeTrusting(tls.certificate, tls.address), env);
    expect(through).toMatchObject({ status: 0, requests: 1 });
    expect(through.tunnels).toBeGreaterThan(0);
    const past = { ...env, [name]: 'other.example,127.0.0.2' };
    const direct = await ask(homeTrusting(tls.certificate, tls.address), past);
    expect(direct).toMatchObject({ status: 0, tunnels: 0, requests: 1 });
  });

  test('without tls.ca_file nothing is sent, and the message names the setting', async () => {
    const refused = await ask(homeTrusting(null), { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
    expect(refused).toMatchObject({ status: 3, requests: 0 });
    expect(refused.said).toContain('DEPTH_ZERO_SELF_SIGNED_CERT (see tls.ca_file)');
  });

  test('a file without certificates is a mistake before anything is sent', async () => {
    const none = await ask(homeTrusting('/etc/hostname'), {
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    });
    expect(none).toMatchObject({ status: 2, tunnels: 0, requests: 0 });
    expect(none.said).toContain('error: tls.ca_file /etc/hostname holds no certificate\n');
  });
});
