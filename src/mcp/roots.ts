import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.ts';
import { realPath } from '../repo/real-path.ts';

/** The folders that may be read, canonical, in the order in which they were named. */
export interface Roots {
  list(): Promise<readonly string[]>;
  /** The client's folders are others now. */
  changed(): void;
}

export interface RootsOptions {
  /** `--root`: absolute paths. */
  readonly given: readonly string[];
  readonly cwd: string;
  /** Asks the client for the addresses of its folders; null where it offers none. */
  readonly ask: () => Promise<readonly string[] | null>;
  readonly note: (line: string) => void;
}

/** The client's folders where it names any, else those given at the start, else the current one. */
export function openRoots({ given, cwd, ask, note }: RootsOptions): Roots {
  const own = given.map(existing);
  let listed: Promise<readonly string[]> | null = null;

  async function read(): Promise<readonly string[]> {
    const addresses = await ask();
    const named = (addresses ?? []).flatMap((address) => folderOf(address, note) ?? []);
    if (named.length > 0) return named;
    if (own.length > 0) return own;
    // Some clients start their servers at the top of the file system: that is not meant to be read.
    if (addresses === null && dirname(cwd) !== cwd) return [existing(cwd)];
    const hint = 'Open a folder in the client, or start the server with --root <path>.';
    throw new UserError('no-roots', 'the client names no folder that may be read', hint);
  }

  return {
    async list() {
      const asked = (listed ??= read());
      // Asked again by the next call.
      asked.catch(() => {
        if (listed === asked) listed = null;
      });
      return asked;
    },
    changed() {
      listed = null;
    },
  };
}

function existing(path: string): string {
  const real = realPath(path);
  if (real !== null) return real;
  throw new UserError('path-not-found', `${path} does not exist`, 'Give --root a folder that is there.');
}

function folderOf(address: string, note: (line: string) => void): string | null {
  try {
    const real = realPath(fileURLToPath(address));
    if (real !== null) return real;
    note(`${address} is left out: it does not exist`);
  } catch {
    note(`${address} is left out: it is no file:// address of this machine`);
  }
  return null;
}
