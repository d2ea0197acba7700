import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { ExternalError, messageOf } from '../errors.ts';

/** A client that is asked for its folders answers at once; a person may be asked behind it. */
const PATIENCE_MS = 30_000;
/** JSON-RPC: the client has said that it offers roots, and does not know the request. */
const METHOD_NOT_FOUND = -32601;

/** The addresses of the client's folders; null where it offers none. The signal ends the wait. */
export async function clientRoots(server: Server, signal: AbortSignal): Promise<string[] | null> {
  if (server.getClientCapabilities()?.roots === undefined) return null;
  try {
    const { roots } = await server.listRoots(undefined, { signal, timeout: PATIENCE_MS });
    return roots.map(({ uri }) => uri);
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === METHOD_NOT_FOUND) return null;
    // What the SDK says of an answer that breaks the protocol's schema is long.
    const why = typeof code === 'number' ? messageOf(error) : 'its answer is no list of file:// addresses';
    throw new ExternalError('roots-unknown', `the client did not name its folders: ${why}`, {
      ...{ retryable: true, cause: error },
      hint: 'Call again, or start the server with --root in a client that offers no folders.',
    });
  }
}
