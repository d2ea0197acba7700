import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { CallToolResult, Tool as Listed } from '@modelcontextprotocol/sdk/types.js';
import { told } from '../errors.ts';
import { TOOL } from '../version.ts';
import type { Answer, Tool } from './tool.ts';
import { INSTRUCTIONS, TOOLS } from './tools.ts';

/** Who is calling, and how the caller hears of it. */
export interface Caller {
  /** Aborted where the client cancels. */
  readonly signal: AbortSignal;
  /** Null where the client did not ask to be told. */
  readonly tell: ((progress: number, message: string) => void) | null;
}

export interface ServerOptions {
  /** Checks the arguments and runs the tool. */
  readonly call: (tool: Tool, args: unknown, caller: Caller) => Promise<Answer>;
  readonly onRootsChanged: () => void;
  /** What is no message of the protocol, or could not be sent. */
  readonly onError: (error: unknown) => void;
  /** An error of ours: the client hears its message alone. */
  readonly onDefect: (error: unknown) => void;
}

/**
 * The protocol's side of the tools, by the SDK's own server. Its plain one, since that takes JSON Schemas as they are
 * published: its higher one would have them written once more.
 */
export async function createServer({
  call,
  onRootsChanged,
  onError,
  onDefect,
}: ServerOptions): Promise<Server> {
  const [{ Server: SdkServer }, protocol] = await Promise.all([
    import('@modelcontextprotocol/sdk/server/index.js'),
    import('@modelcontextprotocol/sdk/types.js'),
  ]);
  const server = new SdkServer(TOOL, { capabilities: { tools: {} }, instructions: INSTRUCTIONS });
  server.onerror = onError;
  server.setNotificationHandler(protocol.RootsListChangedNotificationSchema, onRootsChanged);
  server.setRequestHandler(protocol.ListToolsRequestSchema, async () => ({
    tools: await Promise.all(TOOLS.map(listed)),
  }));
  server.setRequestHandler(protocol.CallToolRequestSchema, async ({ params }, extra) => {
    const tool = TOOLS.find(({ name }) => name === params.name);
    if (tool === undefined) {
      const message = `there is no tool "${params.name}". Known: ${TOOLS.map(({ name }) => name).join(', ')}`;
      throw new protocol.McpError(protocol.ErrorCode.InvalidParams, message);
    }
    const token = extra._meta?.progressToken;
    const tell = (progress: number, message: string): void =>
      void extra
        .sendNotification({
          method: 'notifications/progress',
          params: { progressToken: token ?? 0, progress, message },
        })
        .catch(onError);
    const caller = { signal: extra.signal, tell: token === undefined ? null : tell };
    try {
      return resultOf(await call(tool, params.arguments, caller));
    } catch (error) {
      const failure = told(error);
      if (failure.code === 'internal' && !extra.signal.aborted) onDefect(error);
      return failed(failure);
    }
  });
  return server;
}

async function listed({ name, title, description, input, output }: Tool): Promise<Listed> {
  return {
    ...{ name, title, description },
    inputSchema: input as Listed['inputSchema'],
    outputSchema: (await output()) as Listed['outputSchema'],
    // What is written is the program's own cache alone.
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  };
}

function resultOf({ structured, text }: Answer): CallToolResult {
  return { content: [{ type: 'text', text }], structuredContent: structured as Record<string, unknown> };
}

function failed({ message, hint }: { readonly message: string; readonly hint: string }): CallToolResult {
  return {
    content: [{ type: 'text', text: `error: ${[message, hint].filter((line) => line !== '').join('\n')}` }],
    isError: true,
  };
}
