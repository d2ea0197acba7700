/** What stands between a program and the internet in a company: a proxy, and an authority of the house. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, request as httpRequest } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freshFolder } from './cli.ts';

export interface TlsServer {
  /** `127.0.0.2:<port>`: loopback, but no address that proxies are never asked for. */
  readonly address: string;
  /** The file of its certificate, which it signed itself. */
  readonly certificate: string;
  close(): void;
}

const ADDRESS = '127.0.0.2';

/** An https server called `name`, which hands every request on to a plain one. */
export async function startTlsServer(name: string, origin: string): Promise<TlsServer> {
  const folder = freshFolder('tls');
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`];
  const names = ['-addext', `subjectAltName=DNS:${name},IP:${ADDRESS}`, '-keyout', key, '-out', certificate];
  execFileSync('openssl', [...made, ...names], { stdio: 'pipe' });
  const pair = { key: readFileSync(key), cert: readFileSync(certificate) };
  const server = createTlsServer(pair, (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const onward = httpRequest(new URL(url, origin), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  const address = `${ADDRESS}:${await listening(server, ADDRESS)}`;
  return { address, certificate, close: () => void server.close() };
}

export interface Proxy {
  readonly port: number;
  /** `CONNECT llm.example:443`, in their order. */
  readonly asked: readonly string[];
  close(): void;
}

/** A proxy that opens tunnels, all of them to one address. */
export async function startProxy(target: string): Promise<Proxy> {
  const [host = '', to = ''] = target.split(':');
  const asked: string[] = [];
  const server = createServer((_request, response) => void response.writeHead(400).end());
  server.on('connect', (request: IncomingMessage, socket) => {
    asked.push(`CONNECT ${request.url}`);
    const onward = connect(Number(to), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket])
      end.on('error', () => [onward, socket].forEach((one) => one.destroy()));
  });
  const port = await listening(server, '127.0.0.1');
  return { port, asked, close: () => void server.close() };
}

async function listening(server: Server, address: string): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return (server.address() as AddressInfo).port;
}
