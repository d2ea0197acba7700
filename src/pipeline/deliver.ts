import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExternalError, reasonOf } from '../errors.ts';
import type { Host } from '../host.ts';

/** Names of what this process holds open, perhaps a file that others write too. */
const OPEN = /^(?:\/dev\/(?:stdout|stderr|fd\/\d+)|\/proc\/self\/fd\/\d+)$/;

/** Writes a command's result to stdout, or whole or not at all to the file that `-o` names. */
export async function deliver(host: Host, output: string | undefined, content: string): Promise<void> {
  if (output === undefined) {
    host.stdout.write(content);
    return;
  }
  const path = resolve(host.cwd, output);
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    // A pipe or a device is written into; a rename would put a file in its place.
    if (OPEN.test(path)) appendFileSync(path, content);
    else if (there !== undefined && !there.isFile()) writeFileSync(path, content);
    else {
      const { default: writeFileAtomic } = await import('write-file-atomic');
      await writeFileAtomic(path, content, { mode: 0o644 });
    }
  } catch (error) {
    throw new ExternalError('output-failed', `the report cannot be written to ${path}: ${reasonOf(error)}`, {
      hint: 'Name another file. Nothing that was analysed is lost, or paid for again.',
      cause: error,
    });
  }
}
