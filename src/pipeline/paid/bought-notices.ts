import type { Notice } from '../../types/run.ts';
import { counted } from '../../util/numbers.ts';
import type { RunTotals } from './request-scope.ts';

/** What is to be said of what was bought. */
export function boughtNotices(totals: RunTotals): Notice[] {
  return [...totals.notices, ...redactionNotices(totals), ...leftOutNotices(totals)];
}

function redactionNotices({ redacted }: RunTotals): Notice[] {
  const places = [...new Set(redacted.map(({ kind, path, line }) => `${kind} (${path}:${line})`))];
  if (places.length === 0) return [];
  const listed = places.slice(0, 10).join(', ');
  const more = places.length > 10 ? `, and ${places.length - 10} more` : '';
  return [{ code: 'redacted', message: `not sent: ${counted(places.length, 'secret')}: ${listed}${more}` }];
}

/** What a second look took from the findings of the files that were merged in this run. */
export function refutedNotices(refuted: number): Notice[] {
  if (refuted === 0) return [];
  const count = refuted === 1 ? 'counts' : 'count';
  const message = `a second look refuted ${counted(refuted, 'finding')} of the model, which ${count} as suppressed`;
  return [{ code: 'refuted', message }];
}

/** What of the answers shows nowhere else. */
function leftOutNotices({ unanchored, discarded }: RunTotals): Notice[] {
  const were = (count: number): string => (count === 1 ? 'was' : 'were');
  const findings = `${counted(unanchored, 'finding')} of the model had no place in the code and ${were(unanchored)} left out`;
  const answers = `${counted(discarded, 'answer')} of the model ${were(discarded)} about no item that was asked about, or one answered already, and ${were(discarded)} left out`;
  return [
    ...(unanchored === 0 ? [] : [{ code: 'unanchored', message: findings }]),
    ...(discarded === 0 ? [] : [{ code: 'discarded', message: answers }]),
  ];
}
