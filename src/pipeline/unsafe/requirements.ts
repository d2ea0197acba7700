import type { RequiredPlace } from '../../lens/requirements.ts';
import { obligationsOf } from '../../unsafe/obligations.ts';
import type { AuditedSite } from '../../unsafe/audit.ts';
import type { AuditContext } from './gather.ts';
import { gatherUnsafe } from './gather.ts';

/** By path and start of a unit, its places with something to keep, in the order of the code. */
export type Requirements = ReadonlyMap<string, ReadonlyMap<number, readonly RequiredPlace[]>>;

/** What the unsafe code of a repository has to keep, for the questions that ask about it. */
export async function unsafeRequirements(context: AuditContext): Promise<Requirements> {
  const { files } = await gatherUnsafe(context, () => true);
  const byPath = new Map<string, Map<number, RequiredPlace[]>>();
  for (const { path, sites } of files) {
    for (const { raw, audited } of sites) {
      const requirements = obligationsOf(audited);
      if (raw.unit === null || requirements.length === 0) continue;
      const units = byPath.get(path) ?? new Map<number, RequiredPlace[]>();
      byPath.set(path, units);
      const places = units.get(raw.unit) ?? [];
      units.set(raw.unit, [...places, { place: placeOf(audited), requirements }]);
    }
  }
  return byPath;
}

/** Without a line or a path: what is asked about a unit must not change where the unit moves. */
function placeOf({ kind, name, operations }: AuditedSite): string {
  const done = operations
    .filter(({ certain }) => certain)
    .map(({ text, contract }) => contract?.path ?? text);
  const what = kind === 'impl' ? `unsafe impl ${name}` : `unsafe ${kind}`;
  return done.length === 0 ? what : `${what}: ${[...new Set(done)].join(', ')}`;
}
