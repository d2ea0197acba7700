import { isDead, markOf } from './process.ts';
import type { ProcessMark } from './process.ts';

/** No request runs longer: its reservation is given up, whoever has its process id by now. */
const LONGEST_REQUEST_MS = 2 * 60 * 60 * 1000;

/** Who may settle what this process reserves, as one text. */
export function thisOwner(): string {
  return JSON.stringify(markOf());
}

/** Whether the owner of a reservation can still settle it. What is no owner's mark is taken to run as long as any request may. */
export function ownerRuns(owner: string, reservedAt: number, nowMs: number): boolean {
  if (Math.abs(nowMs - reservedAt) > LONGEST_REQUEST_MS) return false;
  try {
    return !isDead(JSON.parse(owner) as ProcessMark, reservedAt, nowMs);
  } catch (error) {
    if (error instanceof SyntaxError) return true;
    throw error;
  }
}
