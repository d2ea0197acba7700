import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { discoverRoot } from '../../src/repo/root.ts';
import type { Walk, WalkOptions } from '../../src/repo/walk.ts';
import { walk } from '../../src/repo/walk.ts';

export const MIB = 1024 * 1024;

/** A directory of its own for the test, canonical, removed after it. */
export function scratch(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'repo-test-')));
  // Unlike Node's, this one goes down paths that are longer than a path may be.
  onTestFinished(() => void execFileSync('rm', ['-rf', directory]));
  write(directory, files);
  return directory;
}

export function write(directory: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
}

/** An environment in which the machine's own git configuration plays no part. */
export function gitEnv(home: string): NodeJS.ProcessEnv {
  const person = { name: 'A Tester', email: 'tester@example.org' };
  return {
    PATH: process.env['PATH'],
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: person.name,
    GIT_AUTHOR_EMAIL: person.email,
    GIT_COMMITTER_NAME: person.name,
    GIT_COMMITTER_EMAIL: person.email,
  };
}

export function git(directory: string, ...args: readonly string[]): string {
  const home = join(tmpdir(), 'repo-test-no-home');
  return execFileSync('git', ['-c', 'init.defaultBranch=main', '-c', 'protocol.file.allow=always', ...args], {
    cwd: directory,
    env: gitEnv(home),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * MIB,
  });
}

export function gitInit(directory: string): string {
  git(directory, 'init', '-q');
  return directory;
}

export function commitAll(directory: string, message = 'change'): string {
  git(directory, 'add', '-A');
  git(directory, 'commit', '-q', '--allow-empty', '-m', message);
  return git(directory, 'rev-parse', 'HEAD').trim();
}

export async function walkPath(path: string, options: Partial<WalkOptions> = {}): Promise<Walk> {
  return walk(discoverRoot(path), { maxFileSize: MIB, ...options });
}

export async function paths(path: string, options: Partial<WalkOptions> = {}): Promise<string[]> {
  return (await walkPath(path, options)).files.map((file) => file.path);
}
