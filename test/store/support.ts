import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** An empty directory that goes when the test ends. */
export function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'rustassistant-store-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Another process of ours, `children/<name>.ts`, under the same Node. */
export function child(name: string, ...args: string[]): ChildProcessWithoutNullStreams {
  const script = fileURLToPath(new URL(`./children/${name}.ts`, import.meta.url));
  return spawn(process.execPath, ['--import', 'tsx', script, ...args]);
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lines: readonly string[];
  readonly stderr: string;
}

/** Waits for its end; `onLine` hears of each line of its stdout. */
export function ended(
  process: ChildProcessWithoutNullStreams,
  onLine: (line: string) => void = () => undefined,
): Promise<Ended> {
  const lines: string[] = [];
  let stderr = '';
  createInterface({ input: process.stdout }).on('line', (line) => {
    lines.push(line);
    onLine(line);
  });
  process.stderr.on('data', (data) => (stderr += String(data)));
  return new Promise((resolve) => {
    process.on('close', (code, signal) => resolve({ code, signal, lines, stderr }));
  });
}
