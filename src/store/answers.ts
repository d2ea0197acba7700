import type { KeyFactors } from '../cache/key.ts';
import type { Answer, AnswerHead, Usage } from '../types/answer.ts';
import type { Notice } from '../types/run.ts';
import { lookupIn, saveInto } from './answer-rows.ts';
import { ANSWERS_MIGRATIONS } from './answers-tables.ts';
import { codec } from './codec.ts';
import type { Database } from './database.ts';
import type { InFlight } from './in-flight.ts';
import { inFlightOf } from './in-flight.ts';
import type { Layout } from './layout.ts';
import { salvage } from './salvage.ts';
import { openDatabase } from './sqlite.ts';

export interface StoredAnswer<Kept extends AnswerHead = Answer> {
  readonly answer: Kept;
  /** Its share of the request's. */
  readonly usage: Usage;
  readonly createdAt: number;
  /** The repository that paid. */
  readonly repository: string;
}

export interface AnswerToStore {
  readonly itemKey: string;
  readonly factors: KeyFactors;
  readonly answer: AnswerHead;
  /** Its share of the request's. */
  readonly usage: Usage;
}

export interface AnsweredRequest {
  readonly requestId: string;
  /** As the provider named it. */
  readonly model: string;
  readonly usage: Usage;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly repository: string;
  /** Under `--untrusted`: valid for `repository` alone. */
  readonly untrusted: boolean;
  /** Empty where the answer was paid for and could not be used. */
  readonly answers: readonly AnswerToStore[];
}

export interface AnswerTotals {
  readonly answers: number;
  readonly requests: number;
  /** Compressed, without the tables' own needs. */
  readonly bytes: number;
  readonly ticks: number;
}

/** `answers.db`: what was paid for. */
export interface Answers extends InFlight {
  readonly notices: readonly Notice[];
  readonly database: Database;
  /** Answers by item key that hold for the repository. One that is damaged or too old is not among them. */
  lookup<Kept extends AnswerHead = Answer>(
    itemKeys: readonly string[],
    repository: string,
  ): Promise<Map<string, StoredAnswer<Kept>>>;
  /**
   * Stores a request's usage and its answers in one transaction; false where the request was stored before. A
   * complete answer is never replaced by one that is not.
   */
  saveRequest(request: AnsweredRequest): Promise<boolean>;
  /** Factors of the stored keys for an item's text, the newest first: for `explainMiss`. */
  factorsFor(itemHash: string): KeyFactors[];
  /** `''` where the model has not been seen yet. */
  resolvedModel(providerUrl: string, model: string): string;
  setResolvedModel(providerUrl: string, model: string, resolved: string, nowMs: number): void;
  totals(): AnswerTotals;
  close(): void;
}

/** Opens or creates it; a damaged one is set aside and made anew from what can be read of it, with notices. */
export async function openAnswers(layout: Layout): Promise<Answers> {
  const database = await openDatabase(layout.answers, {
    migrations: ANSWERS_MIGRATIONS,
    synchronous: 'FULL',
    rollbackJournal: layout.rollbackJournal,
    onCorrupt: 'rebuild',
  });
  const notices = [...database.notices];
  if (database.replaced !== null) {
    const saved = await salvage(database, database.replaced, await codec());
    notices.push({
      code: 'answers-salvaged',
      message: `${saved} paid answers were read out of the damaged file`,
    });
  }
  return {
    ...inFlightOf(database),
    ...modelsOf(database),
    notices,
    database,
    lookup: lookupIn(database),
    saveRequest: saveInto(database),
    factorsFor: factorsIn(database),
    totals: () => totalsOf(database),
    close: () => database.close(),
  };
}

function factorsIn(database: Database): Answers['factorsFor'] {
  const select = database.prepare<{ readonly factors: string }>(`SELECT factors FROM answers
    WHERE item_hash = ? ORDER BY created_at DESC, id DESC LIMIT 1000`);
  return (itemHash) => select.all(itemHash).map(({ factors }) => JSON.parse(factors) as KeyFactors);
}

function modelsOf(database: Database): Pick<Answers, 'resolvedModel' | 'setResolvedModel'> {
  const get = database.prepare<{ readonly resolved: string }>(
    'SELECT resolved FROM models WHERE provider_url = ? AND model = ?',
  );
  const set = database.prepare(`INSERT INTO models VALUES (@providerUrl, @model, @resolved, @nowMs)
    ON CONFLICT DO UPDATE SET resolved = excluded.resolved, seen_at = excluded.seen_at
    WHERE resolved <> excluded.resolved`);
  return {
    resolvedModel: (providerUrl, model) => get.get(providerUrl, model)?.resolved ?? '',
    setResolvedModel: (providerUrl, model, resolved, nowMs) =>
      void set.run({ providerUrl, model, resolved, nowMs }),
  };
}

function totalsOf(database: Database): AnswerTotals {
  const row = database.prepare<AnswerTotals>(`SELECT count(*) AS answers,
    (SELECT count(*) FROM requests) AS requests, total(size) AS bytes, total(ticks) AS ticks FROM answers`);
  return row.get() as AnswerTotals;
}
