import { mentions } from './mention.ts';
import type { Contract, Operation, Origin } from './resolve.ts';
import { operationsOf, traitContract } from './resolve.ts';
import type { RawSite } from './site.ts';

/** What a place lacks, as far as names and words tell. */
export type Gap =
  /** Nothing says why it is sound. */
  | { readonly kind: 'no-comment' }
  /** It does not say what it asks of its callers or implementors. */
  | { readonly kind: 'no-contract' }
  /** A requirement of `path` that no comment mentions. */
  | { readonly kind: 'clause'; readonly path: string; readonly clause: string };

/** A place with what its names stand for. */
export interface AuditedSite extends Omit<RawSite, 'operations' | 'around' | 'unit' | 'answered'> {
  readonly operations: readonly Operation[];
  /** Of an `unsafe impl`: what the trait asks; null where that is not known. */
  readonly implements: Contract | null;
  readonly gaps: readonly Gap[];
}

/** Looks up what is called, the nearest origin first, and compares each requirement with what is said. */
export function auditSite(raw: RawSite, origins: readonly Origin[]): AuditedSite {
  const { operations: _raw, around, unit: _unit, answered, ...site } = raw;
  const operations = operationsOf(raw, origins);
  const implemented = raw.kind === 'impl' ? traitContract(raw.name, origins) : null;
  const owed = operations.flatMap(({ certain, contract }) =>
    certain && contract !== null ? [contract] : [],
  );
  if (implemented !== null) owed.push(implemented);
  const said = [raw.comment ?? '', ...(raw.contract ?? []), ...around].join('\n');
  const silent = (raw.kind === 'block' && !answered) || raw.kind === 'impl';
  const states = (raw.kind === 'fn' && !answered) || raw.kind === 'trait';
  return {
    ...site,
    operations,
    implements: implemented,
    gaps: [
      ...(silent && raw.comment === null ? [{ kind: 'no-comment' as const }] : []),
      ...(states && raw.contract === null ? [{ kind: 'no-contract' as const }] : []),
      ...unmentioned(owed, said),
    ],
  };
}

/** Each clause of each contract once that nothing said speaks of. */
function unmentioned(owed: readonly Contract[], said: string): Gap[] {
  const gaps = new Map<string, Gap>();
  for (const { path, clauses } of owed) {
    for (const clause of clauses ?? []) {
      if (!mentions(said, clause)) gaps.set(`${path} ${clause}`, { kind: 'clause', path, clause });
    }
  }
  return [...gaps.values()];
}

/**
 * Whether Miri can tell something of a place: it interprets Rust, and neither assembly nor another language's
 * library.
 */
export function miriCanTell({ kind, operations }: Pick<AuditedSite, 'kind' | 'operations'>): boolean {
  if (kind !== 'block' && kind !== 'fn') return false;
  if (operations.length === 0) return false;
  return operations.every(
    (operation) => operation.kind !== 'asm' && operation.contract?.source !== 'foreign',
  );
}
