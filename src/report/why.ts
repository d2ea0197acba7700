import { createColors } from 'picocolors';
import { counted, grouped } from '../util/numbers.ts';
import { printable } from '../util/printable.ts';
import { joined, noteLines } from './blocks.ts';
import { table } from './table.ts';
import { whyText } from './why-lines.ts';
import type { LocalState, WhyItem, WhyReport } from './why-model.ts';

/** One file's answers as a person reads them. Ends with a line break. */
export async function whyReportText(report: WhyReport, color: boolean): Promise<string> {
  const { bold } = createColors(color);
  const { path, asked, off, items } = report;
  const who = asked === null ? `no model is asked: ${off}` : `${asked.model} at ${asked.host}`;
  const several = new Set(items.flatMap(({ question }) => question ?? [])).size > 1;
  const rows = items.map((item) => [
    item.state,
    ...(several ? [item.question ?? ''] : []),
    ...[`${item.startLine}`, nameOf(item), noteOf(item)],
  ]);
  const blocks = [
    [`${bold(printable(path))} · ${who}`, countsOf(items), `local results: ${localText(report.local)}`],
    rows.length === 0
      ? []
      : await table(rows, ['left', ...(several ? ['left' as const] : []), 'right', 'left', 'left']),
    noteLines(report.notices),
  ];
  return joined(blocks);
}

function nameOf({ item, kind }: WhyItem): string {
  return `${kind} ${printable(item)}`.trim();
}

const LOCAL = {
  test: 'test code is not sent',
  generated: 'generated code is never sent',
  provider: 'nothing is sent',
} as const;

function noteOf({ why, reason }: WhyItem): string {
  if (why !== undefined) return whyText(why);
  return reason === undefined ? '' : LOCAL[reason];
}

const STATES = ['stored', 'reused', 'missing', 'failed', 'local'] as const;

function countsOf(items: readonly WhyItem[]): string {
  const parts = STATES.flatMap((wanted) => {
    const count = items.filter(({ state }) => state === wanted).length;
    return count === 0 ? [] : [`${grouped(count)} ${wanted === 'local' ? 'local only' : wanted}`];
  });
  const about = new Set(items.map(({ item, kind, startLine }) => `${startLine} ${kind} ${item}`)).size;
  const total =
    counted(about, 'item') + (about === items.length ? '' : `, ${counted(items.length, 'question')}`);
  return parts.length === 0 ? total : `${total}: ${parts.join(', ')}`;
}

function localText(local: LocalState): string {
  switch (local.state) {
    case 'unchanged':
      return 'stored, the file is as it was';
    case 'touched':
      return 'stored, the file was written again with the same content';
    case 'parse': {
      const reasons = local.reasons.map(({ label, before, after }) =>
        before === null && after === null
          ? label
          : `${label}: ${before ?? 'unknown'} → ${after ?? 'unknown'}`,
      );
      return `the next run parses the file: ${reasons.join('; ')}`;
    }
    case 'skipped':
      return `none, the file is skipped: ${local.reason}`;
    case 'failed':
      return `none, the file cannot be parsed: ${printable(local.reason)}`;
    default:
      return local satisfies never;
  }
}
