import { createColors } from 'picocolors';
import { counted, duration, grouped } from '../util/numbers.ts';
import { printable } from '../util/printable.ts';
import { joined, noteLines } from './blocks.ts';
import { repositoryName } from './place.ts';
import { leftLines, money, moneyLines, STOPPED } from './plan-money.ts';
import type { PlanReport, RepositoryPlanReport, ThisRun } from './plan-model.ts';
import { table } from './table.ts';
import { whyLines } from './why-lines.ts';

export interface PlanTextOptions {
  readonly color: boolean;
  /** What is said where there is no key: `XAI_API_KEY not set`. */
  readonly noKey: string;
  /** The command that buys what is shown. */
  readonly buy: string;
  /** What buys less of it, and first; null where there is nothing less. */
  readonly less: string | null;
}

/** The plan as a person reads it. Ends with a line break. */
export async function planText(report: PlanReport, options: PlanTextOptions): Promise<string> {
  const colors = createColors(options.color);
  const blocks: string[][] = [];
  const only = report.repositories.length === 1 ? report.repositories[0] : null;
  const left = leftLines(report);
  for (const repository of report.repositories) {
    const head = `${colors.bold(headOf(repository))}${askedOf(report, repository, options.noKey)}`;
    const mine = repository === only ? left : [];
    blocks.push([head], await tableOf(repository), [...moneyLines(report, repository), ...mine]);
    if (repository.missing !== undefined) blocks.push(whyLines(repository.missing));
  }
  const [first = []] = blocks;
  const lines = ['Plan only: nothing sent, nothing spent', ...first];
  const tail = [...(only === null ? left : []), ...noteLines(report.notices)];
  return joined([lines, ...blocks.slice(1), tail, hints(report, options)]);
}

function headOf({ path, commit }: RepositoryPlanReport): string {
  return `${printable(repositoryName(path))}${commit === null ? '' : ` @ ${commit.slice(0, 7)}`}`;
}

function askedOf(
  { model, host, key, off }: PlanReport,
  { reasoningEffort }: RepositoryPlanReport,
  noKey: string,
): string {
  if (off !== null) return ` · local rules only: ${off}`;
  const effort = reasoningEffort === null ? '' : `, effort ${reasoningEffort}`;
  return ` → ${model}${effort}, ${host} (${key ?? noKey})`;
}

async function tableOf({ rows, toSend, stored, failed, localOnly }: RepositoryPlanReport): Promise<string[]> {
  const head = ['', 'files', 'items', 'tokens', 'cost', ''];
  const line = (name: string, files: number | string, items: number, note = ''): string[] => [
    name,
    typeof files === 'number' ? grouped(files) : files,
    grouped(items),
    '–',
    '–',
    note,
  ];
  const equal = toSend.equal === 0 ? '' : `, ${counted(toSend.equal, 'more item')} equal to one of them`;
  const about = `${counted(toSend.requests, 'request')}, about ${duration(Math.ceil(toSend.seconds / 10) * 10_000)}${equal}`;
  const lines = [
    head,
    ...rows.map(({ name, files, items, tokens, usd }) => [
      name,
      grouped(files),
      grouped(items),
      grouped(tokens),
      money(usd),
      '',
    ]),
    toSend.items === 0
      ? line('to send', 0, 0)
      : [
          'to send',
          grouped(toSend.files),
          grouped(toSend.items),
          grouped(toSend.inputTokens),
          money(toSend.usd),
          about,
        ],
    line('stored', stored.files, stored.items),
    ...(failed.items === 0
      ? []
      : [line('failed', '–', failed.items, 'asked again with --retry-failed alone')]),
    line('local only', localOnly.files, localOnly.items, localOnly.why.map((why) => LOCAL[why]).join(', ')),
  ];
  return table(lines, ['left', 'right', 'right', 'right', 'right', 'left']);
}

const LOCAL = { tests: 'tests', generated: 'generated', provider: 'nothing leaves this machine' } as const;

function hints({ off, repositories }: PlanReport, { buy, less }: PlanTextOptions): string[] {
  if (off !== null) return [];
  if (repositories.every(({ toSend }) => toSend.items === 0)) {
    const failed = repositories.some((repository) => repository.failed.items > 0);
    if (failed) return [`Nothing to send but what failed before: ${buy} --retry-failed`];
    const asked = repositories.some(({ stored }) => stored.items > 0);
    if (!asked) return ['Nothing to send: there is no code here that is asked about.'];
    return [`Nothing to send: everything that is asked about is stored. See: ${buy}`];
  }
  const stops = repositories.filter(({ toSend }) => toSend.items > 0).map(({ thisRun }) => stopOf(thisRun));
  const [stop] = stops;
  if (stop !== undefined && !stops.includes(null)) {
    return [`Buy:   nothing: the first request could cost more than ${stop} has left`];
  }
  return [`Buy:   ${buy}`, ...(less === null ? [] : [`Less:  ${less}`])];
}

/** What keeps a run from its very first request, or null. */
function stopOf(thisRun: ThisRun | null): string | null {
  if (thisRun === null || thisRun.requests > 0 || thisRun.stoppedBy === null) return null;
  return STOPPED[thisRun.stoppedBy];
}
