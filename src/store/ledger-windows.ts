import type { Windows } from '../llm/budget.ts';

/**
 * Where the local calendar's day, week and month around a moment begin, milliseconds since the epoch. Windows have no end: after a clock that ran
 * ahead was set back, what it spent still counts. Days of 23 and 25 hours are the calendar's affair.
 */
export function windowsAt(nowMs: number): Windows {
  const now = new Date(nowMs);
  const [year, month, date] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const sinceMonday = (now.getDay() + 6) % 7;
  return {
    day: new Date(year, month, date).getTime(),
    week: new Date(year, month, date - sinceMonday).getTime(),
    month: new Date(year, month, 1).getTime(),
  };
}

/** `2026-03-31`, local. */
export function localDay(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
