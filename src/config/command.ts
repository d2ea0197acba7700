import { ExternalError } from '../errors.ts';

const MAX_BYTES = 16 * 1024;
/** Long enough for a password manager to ask for a fingerprint. */
const TIMEOUT_MS = 60_000;

/**
 * `sh -c` with the user's own environment. What the command says on stderr is dropped, as it may repeat
 * the secret; it keeps the terminal, so that a password prompt on /dev/tty works.
 */
export async function runShell(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  timeoutMs = TIMEOUT_MS,
): Promise<string> {
  const { spawn } = await import('node:child_process');
  return new Promise((done, fail) => {
    const child = spawn('sh', ['-c', command], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => stop(`did not end within ${timeoutMs / 1000} s`), timeoutMs);
    const stop = (why: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      // A grandchild may still hold the pipe; it must not hold us.
      child.stdout.destroy();
      child.unref();
      fail(commandFailed(why));
    };
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_BYTES) stop(`wrote more than ${MAX_BYTES / 1024} KiB`);
    });
    child.on('error', (error) =>
      stop(`could not be started (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`),
    );
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      if (status === 0) done(Buffer.concat(chunks).toString('utf8'));
      else fail(commandFailed(signal === null ? `ended with status ${status}` : `was ended by ${signal}`));
    });
  });
}

function commandFailed(why: string): ExternalError {
  const hint =
    'Run it by hand to see what it says: its messages are not shown here, as they may hold the key.';
  return new ExternalError('key-command', `key_command ${why}`, { hint });
}
