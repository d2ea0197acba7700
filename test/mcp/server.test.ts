import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { expect, test } from 'vitest';
import { ExternalError, UserError } from '../../src/errors.ts';
import { createServer } from '../../src/mcp/server.ts';

/** What a client hears of a failure, and what is told to whoever runs the server. */
async function failure(error: unknown) {
  const defects: unknown[] = [];
  const server = await createServer({
    call: () => Promise.reject(error),
    onRootsChanged: () => undefined,
    onError: () => undefined,
    onDefect: (defect) => defects.push(defect),
  });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1' });
  await Promise.all([server.connect(ours), client.connect(theirs)]);
  const result = await client.callTool({ name: 'search', arguments: {} });
  await client.close();
  return { result, defects };
}

test.each([
  [new UserError('usage', 'wrong', 'Do it so.'), 'error: wrong\nDo it so.'],
  [new UserError('usage', 'wrong'), 'error: wrong'],
  [new ExternalError('disk', 'the disk is gone', { hint: 'Find it.' }), 'error: the disk is gone\nFind it.'],
])('%s is a tool error: message and hint', async (error, text) => {
  const { result, defects } = await failure(error);
  expect(result).toEqual({ content: [{ type: 'text', text }], isError: true });
  expect(defects).toEqual([]);
});

test('a defect of ours is one too, without its stack, which whoever runs the server gets', async () => {
  const defect = new TypeError('x is undefined');
  const { result, defects } = await failure(defect);
  const text = 'error: x is undefined\nThis is a defect of rustassistant, please report it.';
  expect(result).toEqual({ content: [{ type: 'text', text }], isError: true });
  expect(defects).toEqual([defect]);
});
