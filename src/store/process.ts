import { readFileSync, readlinkSync } from 'node:fs';
import { systemCode } from '../errors.ts';

/** Names a process beyond its own life: a number alone is given away again. */
export interface ProcessMark {
  readonly pid: number;
  /** When it started, in the kernel's clock ticks since boot; `''` where the system does not tell. */
  readonly started: string;
  /** The machine's present boot, and the namespace that the number counts in; `''` where not told. */
  readonly boot: string;
  readonly namespace: string;
}

/** A request of a process that cannot be seen from here (another container) is taken for lost after so long. */
const UNSEEN_MS = 60 * 60 * 1000;

/** The mark of a running process, this one if none is named. */
export function markOf(pid: number = process.pid): ProcessMark {
  return {
    pid,
    started: startOf(pid),
    boot: told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: told(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** Whether the process has ended. `sinceMs`: when it left its mark; only used where it cannot be seen. */
export function isDead(mark: ProcessMark, sinceMs: number, nowMs: number): boolean {
  const here = markOf();
  if (mark.boot !== here.boot) return true;
  if (mark.namespace !== here.namespace) return nowMs - sinceMs > UNSEEN_MS;
  if (mark.started !== '') return startOf(mark.pid) !== mark.started;
  return !isRunning(mark.pid);
}

/** Field 22 of `/proc/<pid>/stat` (proc(5)); a zombie counts as ended, it does no more work. */
function startOf(pid: number): string {
  const stat = told(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the program's name in parentheses, and may itself hold blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '');
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

function told(read: () => string): string {
  try {
    return read();
  } catch (error) {
    // No /proc on this system, or the process has just ended.
    if (systemCode(error) !== '') return '';
    throw error;
  }
}
