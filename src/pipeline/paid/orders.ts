import type { Pack, PackOptions } from '../../lens/pack.ts';
import { packUnits } from '../../lens/pack.ts';
import type { StoredUnit } from '../edits.ts';
import type { Priority, Work } from './order.ts';
import { inOrder, priorityOf } from './order.ts';
import type { PlannedFile } from './plan.ts';
import { wantedOf } from './plan.ts';

/** One request that is to be made. */
export interface Order {
  readonly pack: Pack;
  /** Edits are bought while a cap has room; the backlog in daily portions. */
  readonly kind: 'edit' | 'backlog';
  /** Of each of the pack's units, in their order. */
  readonly priorities: readonly Priority[];
}

export interface OrderInput {
  readonly files: readonly PlannedFile[];
  readonly packing: PackOptions;
  /** Commits of the last weeks by path; empty where git does not tell. */
  readonly churn: ReadonlyMap<string, number>;
  /** Units first seen since then are edits. Milliseconds since the epoch. */
  readonly editsSinceMs: number;
  /** Expected price of so many tokens, ticks. */
  readonly ticksOf: (tokens: number) => number;
}

/** What is missing, in the order in which it is to be bought, packed into requests. */
export function ordersOf(input: OrderInput): Order[] {
  const isEdit = ({ editedAt }: StoredUnit): boolean =>
    editedAt !== undefined && editedAt >= input.editsSinceMs;
  const seen = new Set<string>();
  const edits = inOrder(worksOf(input, 'edit', isEdit, seen));
  const backlog = inOrder(worksOf(input, 'backlog', (unit) => !isEdit(unit), seen));
  const pack = (works: readonly FileWork[], kind: Order['kind']): Order[] => {
    const byKey = new Map(works.flatMap((work) => work.wanted.map(({ key }) => [key, priorityOf(work)])));
    const packs = packUnits(
      works.flatMap(({ wanted }) => wanted),
      input.packing,
    );
    return packs.map((packed) => ({
      pack: packed,
      kind,
      priorities: packed.units.map(({ key }) => byKey.get(key) ?? 'normal'),
    }));
  };
  return [...pack(edits, 'edit'), ...pack(backlog, 'backlog')];
}

interface FileWork extends Work {
  readonly wanted: ReturnType<typeof wantedOf>;
}

/** Of each file that part of the missing units; equal ones are counted where they stand first. */
function worksOf(
  { files, packing, churn, ticksOf }: OrderInput,
  kind: Order['kind'],
  which: (unit: StoredUnit) => boolean,
  seen: Set<string>,
): FileWork[] {
  return files.flatMap((file): FileWork[] => {
    const wanted = wantedOf(file, which).filter(({ key }) => !seen.has(key) && seen.add(key));
    if (wanted.length === 0) return [];
    const { path, role, generated } = file.row;
    const tokens = packing.tokensOf(wanted.reduce((sum, { unit }) => sum + unit.bytes, 0));
    return [
      {
        wanted,
        path,
        role,
        generated,
        changedToday: kind === 'edit',
        recent: churn.has(path),
        churn: churn.get(path) ?? 0,
        dependents: 0,
        risk: file.risk,
        ticks: ticksOf(tokens),
      },
    ];
  });
}
