/** Runs the built program as a user does: another process, a fresh home, real files. */
import { execFileSync, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Report, RepositoryReport } from '../../src/report/model.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', 'dist', 'rustassistant.mjs');

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Called with the running process, to signal it. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
}

/** One command line in a home of its own; nothing of this process's environment but PATH reaches it. */
export function rustassistant(home: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const env = { PATH: process.env['PATH'], HOME: home, RUSTASSISTANT_HOME: join(home, 'ra'), ...options.env };
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    cwd: options.cwd ?? home,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  options.onStart?.((signal) => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/** `analyze --json` of one repository; fails with what was printed where it is no report. */
export async function analyzed(
  home: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ readonly report: Report; readonly repository: RepositoryReport; readonly ran: Ran }> {
  const ran = await rustassistant(home, ['analyze', ...args, '--json'], options);
  const report = JSON.parse(ran.stdout === '' ? `"${ran.stderr}"` : ran.stdout) as Report;
  const [repository] = report.repositories ?? [];
  if (repository === undefined) throw new Error(`no report: ${ran.stdout}${ran.stderr}`);
  return { report, repository, ran };
}

/** A new folder, its path canonical. */
export function freshFolder(name: string): string {
  return realpathSync(mkdtempSync(join(tmpdir(), `rustassistant-${name}-`)));
}

/** A folder with these files in it; a package named after it unless they bring a manifest. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = freshFolder('repo');
  const manifest = '[package]\nname = "small"\nversion = "0.1.0"\nedition = "2024"\n';
  writeFiles(folder, { 'Cargo.toml': manifest, ...files });
  return folder;
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Git in a folder, without the user's settings. */
export function git(folder: string, ...args: string[]): string {
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...who, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Every file below a folder, its path relative to it. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();
}

/** Whether a text stands in any byte of any file below a folder. */
export function holds(folder: string, text: string): string[] {
  return filesBelow(folder).filter((path) => readFileSync(join(folder, path)).includes(text));
}
