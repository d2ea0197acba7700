import type { FileRole } from '../../types/source.ts';
import { byPath } from '../../util/order.ts';

/** What is missing of one file, as far as order and price go. */
export interface Work {
  readonly path: string;
  readonly role: FileRole;
  readonly generated: boolean;
  /** Its missing items changed since yesterday: edits go before the backlog. */
  readonly changedToday: boolean;
  /** Changed within the last weeks. */
  readonly recent: boolean;
  /** Commits that touched it lately. */
  readonly churn: number;
  /** Files that depend on it; 0 where that is not known. */
  readonly dependents: number;
  /** Weight of its local findings per 1,000 lines. */
  readonly risk: number;
  /** Expected price. */
  readonly ticks: number;
}

export const PRIORITIES = ['critical', 'high', 'normal', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

const ENTRY_POINT = /(?:^|\/)(?:main|lib)\.rs$/;

export function priorityOf({ path, role, generated, recent, changedToday }: Work): Priority {
  if (generated || role === 'test' || role === 'example' || role === 'bench') return 'low';
  if (role === 'build' || ENTRY_POINT.test(path)) return 'critical';
  return recent || changedToday ? 'high' : 'normal';
}

/** Churn × dependents × risk density ÷ price; each factor from 1, so that what is not known weighs nothing. */
export function valueOf({ churn, dependents, risk, ticks }: Work): number {
  return ((1 + churn) * (1 + dependents) * (1 + risk)) / Math.max(1, ticks);
}

/** Order of work: today's changes, then the backlog; within them by priority, then by value, then by path. */
export function inOrder<T extends Work>(works: readonly T[]): T[] {
  const ranked = works.map((work) => ({
    work,
    backlog: Number(!work.changedToday),
    priority: PRIORITIES.indexOf(priorityOf(work)),
    value: valueOf(work),
  }));
  ranked.sort(
    (a, b) => a.backlog - b.backlog || a.priority - b.priority || b.value - a.value || byPath(a.work, b.work),
  );
  return ranked.map(({ work }) => work);
}
