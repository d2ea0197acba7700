import { Writable } from 'node:stream';
import type { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { Host } from '../host.ts';

/** The protocol over the program's own streams. */
export async function stdioOf({ stdin, stdout }: Host): Promise<StdioServerTransport> {
  const { StdioServerTransport: Transport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
  const output = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      stdout.write(text);
      done();
    },
  });
  return new Transport(stdin, output);
}
