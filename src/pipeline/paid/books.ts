import { decide } from '../../llm/budget.ts';
import type { Answers } from '../../store/answers.ts';
import { openAnswers } from '../../store/answers.ts';
import type { Layout } from '../../store/layout.ts';
import type { Ledger } from '../../store/ledger.ts';
import { openLedger } from '../../store/ledger.ts';
import type { Notice } from '../../types/run.ts';

/** What was paid for and what was spent: opened for any run that asks a model, also one that sends nothing. */
export interface Books {
  readonly answers: Answers;
  readonly ledger: Ledger;
  close(): void;
}

/** What opening the books found. */
export function openingNotices({ answers, ledger }: Books): Notice[] {
  return [...answers.notices, ...ledger.notices];
}

/** Opens both, and finishes what a process left open that ended between an answer and its settlement. */
export async function openBooks(layout: Layout, now: () => number): Promise<Books> {
  const answers = await openAnswers(layout);
  const ledger = await openLedger({
    path: layout.ledger,
    now,
    decide,
    answersExist: () => answers.totals().requests > 0,
    rollbackJournal: layout.rollbackJournal,
  }).catch((error: unknown) => {
    answers.close();
    throw error;
  });
  for (const { requestId, usage } of answers.openRequests(now())) {
    if (usage !== null) ledger.settle(requestId, usage);
    answers.clearInFlight(requestId);
  }
  return {
    answers,
    ledger,
    close: () => {
      ledger.close();
      answers.close();
    },
  };
}
