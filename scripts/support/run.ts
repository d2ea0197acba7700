/** Drives the built program as a user would: a process of its own, its own home, nothing shared. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');
export const PROGRAM = join(ROOT, 'dist', 'rustassistant.mjs');

export interface Ran {
  /** Null where a signal ended it: killed past its time. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From spawn to exit. */
  readonly ms: number;
  /** Highest resident memory of the process, MiB; null where it did not live to say so. */
  readonly peakMiB: number | null;
}

export interface RunOptions {
  readonly home: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** At its end, the process writes its highest resident memory (KiB, as the kernel counts it) to descriptor 3. */
const PEAK_HOOK = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs';
   process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));`,
)}`;

/** An environment without anything of this machine's that could change what the program does. */
export function cleanEnv(home: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    RUSTASSISTANT_HOME: home,
    LC_ALL: 'C.UTF-8',
    ...more,
  };
}

/** Runs `rustassistant` with these arguments to its end. */
export function run(args: readonly string[], options: RunOptions): Ran {
  const start = process.hrtime.bigint();
  const child = spawnSync(process.execPath, ['--import', PEAK_HOOK, PROGRAM, ...args], {
    cwd: options.cwd ?? ROOT,
    env: cleanEnv(options.home, options.env),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    killSignal: 'SIGKILL',
    timeout: options.timeoutMs ?? 600_000,
  });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  const peak = Number(child.output?.[3] ?? '');
  return {
    status: child.status,
    stdout: child.stdout,
    stderr: child.stderr,
    ms,
    peakMiB: peak > 0 ? peak / 1024 : null,
  };
}

/** The middle of the numbers, the upper one of two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
