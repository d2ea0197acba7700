import type { Citation } from '../lens/citations.ts';
import type { Notice } from '../types/run.ts';
import { counted, dollars } from '../util/numbers.ts';
import { printable } from '../util/printable.ts';
import { joined, noteLines } from './blocks.ts';

/** What `ask` prints; its JSON is the contract of `schemas/ask.schema.json`. */
export interface AskReport {
  readonly schemaVersion: number;
  readonly question: string;
  readonly provider: string;
  readonly model: string;
  /** As the model wrote it; `[1]` stands for the citation of that number. */
  readonly answer: string;
  /** Those that stand in the code that was shown. */
  readonly citations: readonly Citation[];
  /** Citations that stand nowhere in it. */
  readonly leftOut: number;
  /** It was asked before, of the same code: nothing was paid. */
  readonly stored: boolean;
  readonly cost: {
    readonly ticks: number;
    readonly usd: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly estimated: boolean;
  };
  readonly notices: readonly Notice[];
}

/** The answer, then where it can be looked up. `shown`: a path as the reader can open it. */
export function askText(report: AskReport, shown: (citation: Citation) => string): string {
  const { answer, citations, leftOut, model, stored, cost, notices } = report;
  const known = new Set(citations.map(({ number }) => number));
  // A number whose citation stands nowhere supports nothing.
  const text = answer.replace(/\[(\d+)\]/g, (mark, number: string) =>
    known.has(Number(number)) ? mark : '[?]',
  );
  const places = citations.map(
    (one) => `[${one.number}] ${printable(shown(one))}:${one.line}  ${printable(one.quote)}`,
  );
  const about = cost.estimated ? 'about ' : '';
  const tail = [
    ...(leftOut === 0 ? [] : [`${counted(leftOut, 'citation')} left out: not in the code that was shown`]),
    stored ? `${model}, asked before: $0.00` : `${model}, ${about}${dollars(cost.usd)}`,
    ...noteLines(notices),
  ];
  return joined([text.trim().split('\n').map(printable), places, tail]);
}
