import type { AuditedSite } from './audit.ts';

/** One requirement that a place has to keep. */
export interface Obligation {
  /** Of what it is a requirement: `ptr::read`, `*p`. */
  readonly path: string;
  readonly clause: string;
}

/** What the language itself asks, where no documentation of a function or trait does (Rust Reference, Rustonomicon). */
const LANGUAGE = {
  dereference:
    'The pointer is aligned, not null, and points to memory that is allocated and initialized for its type; nothing else writes to it, or reads what is written, meanwhile.',
  'static-mut': 'No other thread and no other reference accesses the static meanwhile.',
  Send: 'Values of the type can be used and dropped on another thread than the one that made them.',
  Sync: 'Shared references to the type can be used from several threads at once.',
} as const;

/** What a place owes, as far as it is certain what it does: each requirement once, in the order of the code. */
export function obligationsOf({ kind, name, operations, implements: trait }: AuditedSite): Obligation[] {
  const owed: Obligation[] = [];
  for (const operation of operations) {
    if (!operation.certain) continue;
    const { contract, text } = operation;
    if (operation.kind === 'dereference' || operation.kind === 'static-mut')
      owed.push({ path: text, clause: LANGUAGE[operation.kind] });
    for (const clause of contract?.clauses ?? []) owed.push({ path: contract?.path ?? text, clause });
  }
  for (const clause of trait?.clauses ?? []) owed.push({ path: trait?.path ?? name, clause });
  if (kind === 'impl' && (name === 'Send' || name === 'Sync'))
    owed.push({ path: name, clause: LANGUAGE[name] });
  const seen = new Set<string>();
  return owed.filter(({ path, clause }) => {
    const key = `${path}\n${clause}`;
    return !seen.has(key) && seen.add(key);
  });
}
