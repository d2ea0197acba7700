import type { RuleSetting } from '../types/finding.ts';
import type { LensName, Provider, ReasoningEffort, Values } from './keys.ts';

/** The resolved configuration: what the rest of the program reads. */
export interface Settings {
  readonly llm: {
    readonly provider: Provider;
    /** Without a slash at its end; `''` where none is set. */
    readonly baseUrl: string;
    readonly model: string;
    /** `''`: the parameter is not sent. */
    readonly reasoningEffort: ReasoningEffort;
    /** Where the key is: at most one of the three is not `''`, and it belongs to the endpoint in use. */
    readonly keyEnv: string;
    readonly keyFile: string;
    readonly keyCommand: string;
    /** USD per million tokens; null means unknown, 0 means free. */
    readonly priceInput: number | null;
    readonly priceCachedInput: number | null;
    readonly priceOutput: number | null;
    readonly requestsPerMinute: number;
    readonly burst: number;
    readonly concurrency: number;
    readonly requestTokens: number;
  };
  /** USD. */
  readonly budget: Budget;
  readonly analysis: {
    readonly lenses: readonly LensName[];
    readonly verify: boolean;
    readonly includeTests: boolean;
    /** Bytes. */
    readonly maxFileSize: number;
  };
  readonly cache: {
    /** Bytes. */
    readonly maxSize: number;
    /** Shares of `maxSize`. */
    readonly highWatermark: number;
    readonly lowWatermark: number;
    readonly repositoryQuota: number;
  };
  readonly tls: {
    /** As it stands in the settings; `''` where none is named. */
    readonly caFile: string;
  };
  readonly embedding: { readonly model: string };
  /** By rule id; a rule that is absent keeps its own severity. */
  readonly rules: Readonly<Record<string, RuleSetting>>;
}

export interface Budget {
  readonly perMonth: number;
  readonly perWeek: number;
  readonly perDay: number;
  readonly perRun: number;
}

/** The table's flat values as the record that the program reads. */
export function settingsOf(values: Values, rules: Settings['rules']): Settings {
  return {
    llm: {
      provider: values['llm.provider'],
      baseUrl: values['llm.base_url'],
      model: values['llm.model'],
      reasoningEffort: values['llm.reasoning_effort'],
      keyEnv: values['llm.key_env'],
      keyFile: values['llm.key_file'],
      keyCommand: values['llm.key_command'],
      priceInput: values['llm.price_input'],
      priceCachedInput: values['llm.price_cached_input'],
      priceOutput: values['llm.price_output'],
      requestsPerMinute: values['llm.requests_per_minute'],
      burst: values['llm.burst'],
      concurrency: values['llm.concurrency'],
      requestTokens: values['llm.request_tokens'],
    },
    budget: {
      perMonth: values['budget.per_month'],
      perWeek: values['budget.per_week'],
      perDay: values['budget.per_day'],
      perRun: values['budget.per_run'],
    },
    analysis: {
      lenses: values['analysis.lenses'],
      verify: values['analysis.verify'],
      includeTests: values['analysis.include_tests'],
      maxFileSize: values['analysis.max_file_size'],
    },
    cache: {
      maxSize: values['cache.max_size'],
      highWatermark: values['cache.high_watermark'],
      lowWatermark: values['cache.low_watermark'],
      repositoryQuota: values['cache.repository_quota'],
    },
    tls: { caFile: values['tls.ca_file'] },
    embedding: { model: values['embedding.model'] },
    rules,
  };
}
