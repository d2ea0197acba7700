/** The built server as an agent starts it: another process, the SDK's own client, a home of its own. */
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { pathToFileURL } from 'node:url';

export const PROGRAM = join(import.meta.dirname, '..', '..', 'dist', 'rustassistant.mjs');

export interface ConnectOptions {
  readonly home: string;
  readonly cwd: string;
  readonly args?: readonly string[];
  /** What the client answers when it is asked for its folders: paths, or addresses with a scheme; absent: offers none. */
  readonly roots?: () => readonly string[];
  /** Whether the client tells of changes of its folders. */
  readonly tells?: boolean;
}

export interface Connected {
  readonly client: Client;
  call(name: string, args?: object, options?: RequestOptions): Promise<CallToolResult>;
  /** What the server has said on stderr so far. */
  stderr(): string;
}

export async function connect({
  home,
  cwd,
  args = [],
  roots,
  tells = true,
}: ConnectOptions): Promise<Connected> {
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities: roots === undefined ? {} : { roots: { listChanged: tells } } },
  );
  if (roots !== undefined)
    client.setRequestHandler(ListRootsRequestSchema, () => ({
      roots: roots().map((root) => ({ uri: root.includes(':') ? root : pathToFileURL(root).href })),
    }));
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [PROGRAM, 'mcp', ...args],
    env: { HOME: home, RUSTASSISTANT_HOME: home },
    cwd,
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (bytes: Buffer) => (stderr += bytes.toString('utf8')));
  await client.connect(transport);
  return {
    client,
    async call(name, given = {}, options) {
      const request = { name, arguments: given as Record<string, unknown> };
      return (await client.callTool(request, undefined, options)) as CallToolResult;
    },
    stderr: () => stderr,
  };
}

/** The text of an answer. */
export function textOf({ content }: CallToolResult): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** The structured part of an answer that is no error. */
export function valueOf<Value>(result: CallToolResult): Value {
  if (result.isError === true) throw new Error(textOf(result));
  return result.structuredContent as Value;
}

/** The text of an answer that must be an error. */
export function errorOf(result: CallToolResult): string {
  if (result.isError !== true) throw new Error(`no error: ${textOf(result)}`);
  return textOf(result);
}
