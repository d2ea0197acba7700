import { ExternalError } from '../errors.ts';
import { shellWord } from '../util/shell.ts';
import type { Root } from './root.ts';

export interface GitOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds. */
  readonly timeoutMs?: number;
}

interface CallOptions extends GitOptions {
  /** Exit statuses that are answers; 0 alone where absent. */
  readonly accept?: readonly number[];
  /** What is written to its stdin. */
  readonly input?: string;
}

const TIMEOUT_MS = 30_000;
const MAX_OUTPUT = 256 * 1024 * 1024;

/**
 * A repository under analysis is data: nothing that its configuration names is run, and nothing is fetched.
 */
const HARMLESS = [
  ...['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'diff.external=', 'log.showSignature=false'],
  ...['protocol.allow=never', 'core.quotePath=false', 'diff.ignoreSubmodules=all', 'submodule.recurse=false'],
].flatMap((setting) => ['-c', setting]);

/** Variables that would turn git to another repository or index, as in a hook (`git rev-parse --local-env-vars`). */
const FOREIGN =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|PREFIX|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|GRAFT_FILE|SHALLOW_FILE|NO_REPLACE_OBJECTS|REPLACE_REF_BASE|IMPLICIT_WORK_TREE|INTERNAL_SUPER_PREFIX|EXTERNAL_DIFF|\w+_PATHSPECS)$/;

/**
 * Runs git in the root, without a shell, and returns its stdout. Throws ExternalError: `git-missing`,
 * `git-dubious-ownership`, `git-partial-clone`, `git-timeout`, `git-failed`.
 */
export async function git(root: Root, args: readonly string[], options: CallOptions): Promise<Buffer> {
  const { execFile } = await import('node:child_process');
  const { env, timeoutMs = TIMEOUT_MS, accept = [0], input } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      ['--no-pager', ...HARMLESS, ...args],
      { cwd: root.root, env: gitEnv(env), timeout: timeoutMs, maxBuffer: MAX_OUTPUT, encoding: 'buffer' },
      (error, stdout, stderr) => {
        if (error === null || accept.includes(error.code as unknown as number)) resolve(stdout);
        else reject(failure(root, error, stderr.toString('utf8'), timeoutMs));
      },
    );
    if (input === undefined) return;
    // One that has ended does not read on; its status tells why.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

function gitEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(([name]) => !FOREIGN.test(name));
  return {
    ...Object.fromEntries(own),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}

function failure(
  root: Root,
  error: Error & { code?: unknown; killed?: boolean },
  stderr: string,
  ms: number,
) {
  const known = { cause: error };
  if (error.code === 'ENOENT')
    return new ExternalError('git-missing', 'git could not be started: it is not on the PATH', {
      ...known,
      hint: 'Install git; the analysis itself works without it.',
    });
  if (/dubious ownership|unsafe repository/.test(stderr))
    return new ExternalError(
      'git-dubious-ownership',
      `git refuses ${root.root}: it belongs to another user`,
      {
        ...known,
        hint: `If you trust it: git config --global --add safe.directory ${shellWord(root.root)}`,
      },
    );
  if (/lazy fetching disabled|from promisor remote/.test(stderr)) return partialClone(root, error);
  if (error.killed === true)
    return new ExternalError('git-timeout', `git did not answer within ${ms / 1000} s`, known);
  const line = stderr.trim().split('\n')[0] ?? '';
  return new ExternalError('git-failed', `git failed: ${line === '' ? error.message : line}`, known);
}

/** Content that the clone left on the server, and that is not fetched from here. */
export function partialClone(root: Root, cause?: unknown): ExternalError {
  return new ExternalError('git-partial-clone', `${root.root} lacks a part of its history's content`, {
    cause,
    hint: 'The clone is partial. Run: git fetch --refetch --filter=blob:limit=1g',
  });
}
