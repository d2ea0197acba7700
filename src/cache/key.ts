import { canonicalJson } from '../util/canonical.ts';
import type { Json } from '../util/canonical.ts';
import { sha256 } from '../util/hash.ts';

/** Everything that a paid answer depends on. A change of any of them is another question. */
export interface KeyFactors {
  readonly lens: string;
  /** sha256 of the item's bytes, attributes and docs included. */
  readonly itemHash: string;
  /** sha256 of the context shown beside it. */
  readonly contextDigest: string;
  /** Ours: bumped when our part of the answer changes, not with the package. */
  readonly analysisVersion: number;
  readonly providerUrl: string;
  readonly model: string;
  /** The model that the provider said it used, last seen for `model`; `''` before the first answer. */
  readonly resolvedModel: string;
  readonly reasoningEffort: string;
  /** First 16 digits of the sha256 of the prompt template. */
  readonly promptHash: string;
  /** Oldest version that can still be read (`schema.ts`): fields that are only added re-bill nothing. */
  readonly schemaVersion: number;
  /** First 16 digits of the sha256 of the analysis options. */
  readonly configHash: string;
  readonly redactionVersion: number;
}

export type FactorName = keyof KeyFactors;

/** Each factor as a person calls it, in the order in which one wants to hear that it differs. */
export const FACTOR_LABELS: Readonly<Record<FactorName, string>> = {
  itemHash: 'the item’s own text',
  contextDigest: 'the signatures shown beside it',
  lens: 'the question asked (lens)',
  providerUrl: 'the provider’s URL',
  model: 'the model asked for',
  resolvedModel: 'the model that the provider resolves it to',
  reasoningEffort: 'the reasoning effort',
  promptHash: 'the prompt',
  configHash: 'the analysis options',
  redactionVersion: 'the redaction of secrets',
  analysisVersion: 'our reading of the answer',
  schemaVersion: 'the stored format',
};

export const FACTORS = Object.keys(FACTOR_LABELS) as FactorName[];

/** sha256 (hex) of the canonical JSON of the named factors, and of nothing else that the object may carry. */
export function itemKey(factors: KeyFactors): string {
  return sha256(canonicalJson(Object.fromEntries(FACTORS.map((name) => [name, factors[name]]))));
}

/** What a merged file result is made of. */
export interface FileFactors {
  /** Relative to the repository's root. */
  readonly path: string;
  /** Of the whole file: it settles every item's hash and context digest. */
  readonly contentHash: string;
  /** `shortHash` of all else: local rules and their version, and the key factors that all items share. */
  readonly variant: string;
}

/**
 * The variant, and after a slash the sha256 (hex) over the others. It stands for the keys of all the file's items,
 * since the content settles what differs between them; so an unchanged file needs no item's key to be found, and
 * one query finds what is of another variant.
 */
export function fileKey({ path, contentHash, variant }: FileFactors): string {
  return `${variant}/${sha256(`${contentHash}\n${path}`)}`;
}

/** First 16 hex digits of the sha256 of a text, or of a value's canonical JSON. */
export function shortHash(value: Json): string {
  return sha256(typeof value === 'string' ? value : canonicalJson(value)).slice(0, 16);
}
