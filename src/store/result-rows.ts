import { packTold, toldOf } from '../cache/told.ts';
import { RESULT_SCHEMA } from '../cache/schema.ts';
import type { Codec } from './codec.ts';
import type { Finding, Scores } from '../types/finding.ts';
import { SEVERITIES } from '../types/finding.ts';
import { countsOf, atLeast, rank } from '../util/severity.ts';

/** What a report shows of a file's merged result beside its blob. */
export interface AnalysisRow extends Scores {
  readonly path: string;
  /** Of the content that it is about; another than the file's row has means that it is stale. */
  readonly contentHash: string;
  /** 1 where no item lacks an answer, else 0. */
  readonly complete: 0 | 1;
}

export interface AnalysisToStore {
  readonly path: string;
  readonly contentHash: string;
  readonly cacheKey: string;
  /** `''` where no model had a part in it. */
  readonly modelId: string;
  readonly promptHash: string;
  readonly generationTimeMs: number | null;
  /** 1 USD = 100,000 millicents. */
  readonly apiCostMillicents: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly findings: readonly Finding[];
  readonly scores: Scores;
  /** Keys of items without an answer. */
  readonly missing: readonly string[];
  /** Keys of the stored answers that are part of it. */
  readonly answerKeys: readonly string[];
  /** What is stored compressed: any JSON object. */
  readonly result: object;
}

const WORST_PER_FILE = 20;

/** Severities whose findings stand uncompressed beside the result. */
export const WORST_SEVERITIES = ['critical', 'high', 'medium'] as const;

export const SCORES = ['quality', 'security', 'maintainability', 'complexity', 'documentation'] as const;

/** The columns that a stored result fills, each bound by its own name. */
export const INSERTED = [
  'file_path',
  'content_hash',
  'cache_key',
  'model_id',
  'prompt_hash',
  'schema_version',
  'generation_time_ms',
  'api_cost_millicents',
  'input_tokens',
  'output_tokens',
  'created_at',
  'last_accessed',
  'size_bytes',
  'repo_id',
  'complete',
  'missing_count',
  ...SEVERITIES,
  'suppressed',
  ...SCORES,
  'checksum',
  'missing',
  'worst',
  'answer_keys',
  'finding_keys',
  'analysis_json',
] as const;

/** Rows without their blobs, as `AnalysisRow`. */
export const SELECT_ROWS = `SELECT file_path AS path, content_hash AS contentHash, complete,
  ${SCORES.join(', ')} FROM file_analysis`;

/** A result as it is inserted: the columns of `INSERTED`, but for the repository's. Suppressed findings are counted apart. */
export type ResultRow = ReturnType<typeof resultRow>;

export function resultRow(analysis: AnalysisToStore, { pack }: Pick<Codec, 'pack'>) {
  const { blob, checksum } = pack(analysis.result, 'derived');
  const shown = analysis.findings.filter(({ suppressed }) => suppressed === undefined);
  return {
    file_path: analysis.path,
    content_hash: analysis.contentHash,
    cache_key: analysis.cacheKey,
    model_id: analysis.modelId,
    prompt_hash: analysis.promptHash,
    schema_version: RESULT_SCHEMA.current,
    generation_time_ms: analysis.generationTimeMs,
    api_cost_millicents: analysis.apiCostMillicents,
    input_tokens: analysis.inputTokens,
    output_tokens: analysis.outputTokens,
    created_at: analysis.at,
    last_accessed: analysis.at,
    complete: Number(analysis.missing.length === 0),
    missing_count: analysis.missing.length,
    ...countsOf(shown),
    suppressed: analysis.findings.length - shown.length,
    ...analysis.scores,
    missing: JSON.stringify(analysis.missing),
    worst: JSON.stringify(worstOf(shown)),
    answer_keys: packKeys(analysis.answerKeys),
    finding_keys: packTold(analysis.findings.map((finding) => toldOf(finding, analysis.path))),
    size_bytes: blob.length,
    checksum,
    analysis_json: blob,
  };
}

/** Worst first, then by place. */
function worstOf(findings: readonly Finding[]): Finding[] {
  return findings
    .filter(({ severity }) => atLeast(severity, 'medium'))
    .sort(
      (a, b) =>
        rank(a.severity) - rank(b.severity) || a.startLine - b.startLine || a.startColumn - b.startColumn,
    )
    .slice(0, WORST_PER_FILE);
}

/** Of an answer's key, in a row. */
export const KEY_BYTES = 32;

/** sha256 keys as bytes, one after the other. */
function packKeys(keys: readonly string[]): Uint8Array {
  return Buffer.from(keys.join(''), 'hex');
}

export function unpackKeys(packed: Uint8Array): string[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  return Array.from({ length: packed.length / KEY_BYTES }, (_, at) =>
    bytes.toString('hex', at * KEY_BYTES, (at + 1) * KEY_BYTES),
  );
}
