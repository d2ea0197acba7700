/** A hub on loopback: serves a folder as one repository, and misbehaves for the files that it is told to. */
import { readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

export interface HubServer {
  readonly url: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  /** By the file's name in the repository. */
  readonly behave: Map<string, Behaviour>;
  close(): Promise<void>;
}

/** `owner/name` → the folder that holds it. */
export async function startHub(repositories: Readonly<Record<string, string>>): Promise<HubServer> {
  const asked: string[] = [];
  const behave = new Map<string, Behaviour>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    asked.push(path);
    const [, repository = '', file = ''] = /^\/([^/]+\/[^/]+)\/resolve\/main\/(.+)$/.exec(path) ?? [];
    const own = behave.get(file);
    if (own !== undefined) return own(request, response);
    const found = join(repositories[repository] ?? '/nowhere', file);
    if (statSync(found, { throwIfNoEntry: false })?.isFile() !== true)
      return void response.writeHead(404).end();
    const body = readFileSync(found);
    response.writeHead(200, { 'content-length': body.length }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    behave,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
