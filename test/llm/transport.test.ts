import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { startLlmServer } from '../support/llm-server.ts';

import { attemptOnce } from './ask.ts';

let proxy: Server;
let proxyUrl: string;
let asked: string[];

beforeEach(async () => {
  asked = [];
  proxy = createServer((request: IncomingMessage, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'content-type': 'application/json' });
    const choices = [{ index: 0, finish_reason: 'stop', message: { content: 'through the proxy' } }];
    response.end(JSON.stringify({ choices }));
  });
  proxy.on('connect', (request: IncomingMessage, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
afterEach(() => {
  proxy.closeAllConnections();
  proxy.close();
});

test('https goes through a tunnel of HTTPS_PROXY; one that is refused costs nothing', async () => {
  const attempt = await attemptOnce('https://llm.test/v1', { proxy: { httpsProxy: proxyUrl } });
  expect(asked).toEqual(['CONNECT llm.test:443']);
  expect(attempt).toMatchObject({ kind: 'failure', class: 'connection', billed: 'no' });
});

test('plain http goes through HTTP_PROXY', async () => {
  const attempt = await attemptOnce('http://llm.test/v1', { proxy: { httpProxy: proxyUrl } });
  expect(asked).toEqual(['POST http://llm.test/v1/chat/completions']);
  expect(attempt).toMatchObject({ kind: 'answer', text: 'through the proxy' });
});

test('NO_PROXY and this machine itself are asked directly', async () => {
  const settings = { httpProxy: proxyUrl, httpsProxy: proxyUrl, noProxy: 'llm.test' };
  const direct = await attemptOnce('https://llm.test/v1', { proxy: settings });
  expect(direct).toMatchObject({ kind: 'failure', billed: 'no' });
  const local = await startLlmServer();
  expect((await attemptOnce(local.url, { proxy: settings })).kind).toBe('answer');
  await local.close();
  expect(asked).toEqual([]);
});

test('the environment is not looked at here', async () => {
  const before = { ...process.env };
  Object.assign(process.env, { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl, http_proxy: proxyUrl });
  try {
    expect(await attemptOnce('http://llm.test/v1')).toMatchObject({ kind: 'failure', billed: 'no' });
  } finally {
    process.env = before;
  }
  expect(asked).toEqual([]);
});
