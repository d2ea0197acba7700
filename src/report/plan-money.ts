import { CAP_NAMES } from '../llm/budget.ts';
import { counted, dollars, grouped } from '../util/numbers.ts';
import { printable } from '../util/printable.ts';
import type { Cost, Left, PlanReport, RepositoryPlanReport, ThisRun } from './plan-model.ts';

export function money(usd: number | null): string {
  return usd === null ? 'unknown' : dollars(usd);
}

/** Labels stand in one column. */
function labelled(label: string, text: string): string {
  return `${label.padEnd(11)} ${text}`;
}

/** What a repository's plan costs, beside the sums of its table. */
export function moneyLines({ off, price }: PlanReport, repository: RepositoryPlanReport): string[] {
  const { toSend, secondLook, worstCase, thisRun, redacted } = repository;
  if (off !== null || toSend.items === 0) return [];
  const lines = [
    ...questionLines(repository),
    labelled('Worst case', worstCase.usd === null ? 'unknown' : `${dollars(worstCase.usd)}, retries apart`),
    ...secondLookLines(secondLook),
  ];
  if (price === null) {
    const set = 'set llm.price_input and llm.price_output; a run refuses what has no price';
    lines.push(labelled('Price', `unknown: ${set}`));
  }
  lines.push(labelled('Redacted', redactedText(redacted)));
  if (thisRun !== null && thisRun.stoppedBy !== null)
    lines.push(labelled('This run', runText(thisRun, toSend.requests)));
  return lines;
}

/** Where more than one question is asked: what each costs. */
function questionLines({ questions }: RepositoryPlanReport): string[] {
  const asked = questions.filter(({ items }) => items > 0);
  if (asked.length < 2 && asked.every(({ name }) => name === 'review')) return [];
  const parts = asked.map(({ name, items, usd }) => `${name} ${counted(items, 'item')} ${money(usd)}`);
  return [labelled('Questions', parts.join(', '))];
}

function secondLookLines(cost: Cost | null): string[] {
  if (cost === null || cost.usd === null) return [];
  const each = `about ${dollars(cost.usd)} more for each finding of high or worse (--no-verify)`;
  return [labelled('Second look', each)];
}

const LISTED = 10;

function redactedText(redacted: RepositoryPlanReport['redacted']): string {
  if (redacted.length === 0) return 'nothing';
  const byKind = new Map<string, string[]>();
  for (const { kind, path, line } of redacted) {
    byKind.set(kind, [...(byKind.get(kind) ?? []), `${printable(path)}:${line}`]);
  }
  return [...byKind]
    .map(([kind, places]) => {
      const more = places.length > LISTED ? `, and ${places.length - LISTED} more` : '';
      return `${places.length} ${kind} (${places.slice(0, LISTED).join(', ')}${more})`;
    })
    .join(', ');
}

/** What ends a run before everything is bought. */
export const STOPPED = {
  portion: "the day's portion of the backlog",
  run: 'the cap per run',
  day: 'the cap per day',
  week: 'the cap per week',
  month: 'the cap per month',
} as const;

function runText({ requests, usd, stoppedBy, doneOn, days }: ThisRun, all: number): string {
  const why = stoppedBy === null ? '' : `: ${STOPPED[stoppedBy]}`;
  const rest =
    doneOn === null
      ? 'under these caps it has no end'
      : `with a run a day all of it by ${doneOn} (${counted(days ?? 0, 'day')})`;
  return `${grouped(requests)} of ${counted(all, 'request')}, about ${money(usd)}${why}; ${rest}`;
}

/** What is left of each cap. */
export function leftLines({ left, ledgerUnknown }: PlanReport): string[] {
  if (ledgerUnknown !== null) {
    const way = 'see the bill, then run: rustassistant usage --accept-unknown';
    return [labelled('Left', `unknown: ${printable(ledgerUnknown)}; ${way}`)];
  }
  return left === null ? [] : [labelled('Left', leftText(left))];
}

function leftText(left: Left): string {
  return `${CAP_NAMES.map((name) => `${name} ${dollars(left[name].leftUsd)}`).join(', ')} (this machine)`;
}
