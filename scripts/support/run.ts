/** Drives the built program as a user would: a process of its own, its own home, nothing shared. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
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

export interface Started {
  readonly child: ChildProcess;
  /** Resolves when the process has ended and its output is read. */
  readonly ended: Promise<Pick<Ran, 'status' | 'stdout' | 'stderr' | 'ms'>>;
}

/** Starts `rustassistant` and leaves this process free: to serve its requests, to kill it. */
export function start(args: readonly string[], { home, cwd = ROOT, env }: RunOptions): Started {
  const began = process.hrtime.bigint();
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd,
    env: cleanEnv(home, env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const ended = new Promise<Pick<Ran, 'status' | 'stdout' | 'stderr' | 'ms'>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      resolve({ status, ...output, ms: Number(process.hrtime.bigint() - began) / 1e6 });
    });
  });
  return { child, ended };
}

/** Settings for paid runs against a server on loopback, at a price list's prices, with caps that never bite. */
export function paidEnv(url: string): Record<string, string> {
  return {
    RUSTASSISTANT_LLM_PROVIDER: 'openai-compatible',
    RUSTASSISTANT_LLM_BASE_URL: url,
    RUSTASSISTANT_LLM_MODEL: 'grok-4.3',
    RUSTASSISTANT_LLM_PRICE_INPUT: '1.25',
    RUSTASSISTANT_LLM_PRICE_CACHED_INPUT: '0.2',
    RUSTASSISTANT_LLM_PRICE_OUTPUT: '2.5',
    RUSTASSISTANT_LLM_REQUESTS_PER_MINUTE: '10000',
    RUSTASSISTANT_LLM_BURST: '1000',
    RUSTASSISTANT_BUDGET_PER_MONTH: '100000',
    RUSTASSISTANT_BUDGET_PER_WEEK: '100000',
    RUSTASSISTANT_BUDGET_PER_DAY: '100000',
    RUSTASSISTANT_BUDGET_PER_RUN: '100000',
    RUSTASSISTANT_LLM_KEY_ENV: 'LOOPBACK_KEY',
    LOOPBACK_KEY: 'loopback',
  };
}

/** The middle of the numbers, the upper one of two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
