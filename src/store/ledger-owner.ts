import { hostname } from 'node:os';

import { systemCode } from '../errors.ts';

/** No request runs longer: its reservation is given up, whoever has its process id by now. */
const LONGEST_REQUEST_MS = 2 * 60 * 60 * 1000;

/** Who may settle what this process reserves. */
export function thisOwner(): string {
  return `${hostname()}/${process.pid}`;
}

/**
 * Whether the owner of a reservation can still settle it. On another host (a container with the same home)
 * it is taken to run as long as any request may.
 */
export function ownerRuns(owner: string, reservedAt: number, nowMs: number): boolean {
  if (Math.abs(nowMs - reservedAt) > LONGEST_REQUEST_MS) return false;
  const [host, pid] = owner.split('/');
  if (host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
