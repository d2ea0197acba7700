import type { Lens } from '../../lens/lens.ts';
import type { PackedUnit } from '../../lens/pack.ts';
import type { Amounts } from '../../llm/budget.ts';
import type { LlmClient } from '../../llm/client.ts';
import type { Limiter } from '../../llm/limiter.ts';
import type { Redactor } from '../../llm/redact.ts';
import type { Answers } from '../../store/answers.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Price } from '../../types/answer.ts';

/** Everything that the requests of one repository need, with what a run has opened for all of them. */
export interface PaidRun {
  readonly lens: Lens;
  readonly client: LlmClient;
  readonly answers: Answers;
  readonly ledger: Ledger;
  readonly limiter: Limiter;
  readonly redact: Redactor;
  /** Of a request with so many input tokens: some models cost more from a threshold on. */
  readonly priceFor: (inputTokens: number) => Price;
  /** The most that an answer to these items may be, tokens. */
  readonly completionCap: (units: readonly PackedUnit[]) => number;
  /** UTF-8 bytes of what every request carries beside its items. */
  readonly promptBytes: number;
  /** Ticks. */
  readonly caps: Amounts;
  readonly baseUrl: string;
  readonly model: string;
  /** Null sends none. */
  readonly effort: string | null;
  readonly concurrency: number;
  /** Names this run in the ledger: what the cap per run counts. */
  readonly runId: string;
  /** What the disk has left for answers. */
  readonly freeBytes: () => number;
  readonly now: () => number;
  readonly random: () => number;
  readonly newId: () => string;
}
