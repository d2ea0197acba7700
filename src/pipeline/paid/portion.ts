import type { WindowName, Windows } from '../../llm/budget.ts';
import { WINDOW_NAMES } from '../../llm/budget.ts';

export interface PortionState {
  readonly caps: Windows;
  /** Settled and open, of every kind of work. */
  readonly spent: Windows;
  /** Windows are of the local calendar; weeks begin on Monday. */
  readonly now: Date;
  /** Worst case of one full request, ticks: what an edit must find free to be admitted at all. */
  readonly headroom: number;
}

/** Of each cap, kept for edits. */
const EDITS_SHARE = 0.6;
/** Of the month's cap, free of rationing: a small repository is done in its first run. */
const FIRST_HELPING = 0.25;
/** Of a cap, the most that headroom may hold back. */
const MAX_HEADROOM = 1 / 8;

/**
 * What the backlog may cost today from now on, ticks; edits are not asked. Of each cap, three fifths belong
 * to edits, as so much for each day that is left (today's stays free all day), and one request's worst case
 * stays free. What remains is spread evenly over the days left, except that the month's first quarter may go
 * at once. So as long as a day's edits stay below `editsPerDay`, no backlog, however large, keeps one of them
 * from being bought; what edits leave over comes back in later portions.
 *
 * A request of the backlog is to be made while its expected cost fits into the portion.
 */
export function backlogPortion({ caps, spent, now, headroom }: PortionState): number {
  const days = daysOf(now);
  const reserve = editsPerDay(caps, now);
  const free = (window: WindowName): number =>
    caps[window] -
    spent[window] -
    reserve * days.left[window] -
    Math.min(headroom, caps[window] * MAX_HEADROOM);
  const slice = (window: WindowName): number =>
    (free(window) + spent.day) / days.left[window] - Math.max(0, spent.day - reserve);
  const helping = caps.month * FIRST_HELPING - spent.month;
  const rationed = Math.max(helping, Math.min(slice('week'), slice('month')));
  return Math.max(0, Math.floor(Math.min(free('day'), free('week'), free('month'), rationed)));
}

/** What is kept for the edits of one day, ticks. */
function editsPerDay(caps: Windows, now: Date): number {
  const { length } = daysOf(now);
  return EDITS_SHARE * Math.min(...WINDOW_NAMES.map((window) => caps[window] / length[window]));
}

/** Days of each window, and how many are left of it, today included. */
function daysOf(now: Date): { readonly length: Windows; readonly left: Windows } {
  const month = new Date(now.getFullYear(), now.getMonth() + 1, 0).getDate();
  const weekday = (now.getDay() + 6) % 7;
  return {
    length: { day: 1, week: 7, month },
    left: { day: 1, week: 7 - weekday, month: month - now.getDate() + 1 },
  };
}

/** A backlog that would take longer has no date. */
const MAX_DAYS = 3660;

/**
 * On which day from now (1 is today) a backlog of so many ticks is bought, if nothing else is; null beyond ten years.
 */
export function daysToBuy(backlog: number, state: PortionState): number | null {
  let left = backlog;
  let spent = state.spent;
  let now = state.now;
  for (let day = 1; day <= MAX_DAYS; day += 1) {
    const bought = Math.min(left, backlogPortion({ ...state, spent, now }));
    left -= bought;
    if (left <= 0) return day;
    const next = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 12);
    spent = {
      day: 0,
      week: next.getDay() === 1 ? 0 : spent.week + bought,
      month: next.getDate() === 1 ? 0 : spent.month + bought,
    };
    now = next;
  }
  return null;
}
