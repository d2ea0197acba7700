import type { Host } from '../../host.ts';
import type { PackageFacts } from '../../repo/dependencies.ts';
import type { Walk } from '../../repo/walk.ts';
import type { FileRole } from '../../types/source.ts';
import type { AuditedSite } from '../../unsafe/audit.ts';
import { auditSite } from '../../unsafe/audit.ts';
import type { Origin } from '../../unsafe/resolve.ts';
import { originOf, unknownNames } from '../../unsafe/resolve.ts';
import type { RawSite, UnsafeFacts } from '../../unsafe/site.ts';
import { byText } from '../../util/order.ts';
import { walkTarget } from '../files.ts';
import type { ParserPool } from '../pool.ts';
import type { Target } from '../targets.ts';
import { packagesOf } from './packages.ts';
import { registryOf } from './registry.ts';
import { standardLibrary } from './standard.ts';

export interface AuditContext {
  readonly host: Host;
  readonly pool: ParserPool;
  readonly target: Target;
}

/** A file with a word that matters, and its places with what their names stand for. */
export interface GatheredFile {
  readonly path: string;
  readonly role: FileRole | null;
  readonly owner: PackageFacts | null;
  readonly sites: readonly { readonly raw: RawSite; readonly audited: AuditedSite }[];
  readonly testModule: string | null;
  readonly problem: string | null;
}

export interface Gathered {
  readonly walked: Walk;
  readonly files: readonly GatheredFile[];
  /** Files that yielded nothing, and why. */
  readonly unknown: ReadonlyMap<string, string>;
}

/**
 * The unsafe code of the files that `inside` takes, looked up in the whole repository around them, the standard library,
 * and registry crates whose sources are on this disk. Only files with a word that matters are parsed.
 */
export async function gatherUnsafe(
  context: AuditContext,
  inside: (path: string) => boolean,
): Promise<Gathered> {
  const { host, pool, target } = context;
  const walked = await walkTarget({ ...target, prefixes: [''] }, host.env);
  const unknown = new Map<string, string>();
  for (const { path, reason } of walked.skipped) if (inside(path)) unknown.set(path, `skipped: ${reason}`);
  const parsed = new Map<string, UnsafeFacts>();
  const { maxFileSize } = target.config.settings.analysis;
  const source = { root: target.root.root, maxFileSize, signal: host.signal };
  await pool.each('unsafe', source, walked.files, (outcome) => {
    if (outcome.kind === 'done') {
      if (outcome.value !== null) parsed.set(outcome.path, outcome.value);
    } else if (inside(outcome.path)) {
      const why = outcome.kind === 'skipped' ? `skipped: ${outcome.reason}` : outcome.message;
      unknown.set(outcome.path, why);
    }
  });
  const roles = new Map(walked.files.map(({ path, role }) => [path, role]));
  // Threads end in any order; of two contracts of one name the same one is to be taken each time.
  const sorted = new Map([...parsed].sort(([a], [b]) => byText(a, b)));
  return { walked, files: await lookedUp(context, sorted, roles, inside), unknown };
}

type ParsedFile = readonly [path: string, facts: UnsafeFacts];

async function lookedUp(
  context: AuditContext,
  parsed: ReadonlyMap<string, UnsafeFacts>,
  roles: ReadonlyMap<string, FileRole>,
  inside: (path: string) => boolean,
): Promise<GatheredFile[]> {
  const byPackage = await groupedByPackage(context.target.root.root, parsed);
  const originsFor = await lookup(context, byPackage);
  const gathered: GatheredFile[] = [];
  for (const [owner, files] of byPackage) {
    const wanted = files.filter(
      ([path, { sites, problem }]) => inside(path) && (sites.length > 0 || problem !== null),
    );
    if (wanted.length === 0) continue;
    const origins = await originsFor(owner, wanted);
    for (const [path, { sites, testModule, problem }] of wanted) {
      const role = roles.get(path) ?? null;
      gathered.push({
        ...{ path, role, owner, testModule, problem },
        sites: sites.map((raw) => ({ raw, audited: auditSite(inRole(raw, role), origins) })),
      });
    }
  }
  return gathered;
}

/** All that stands in a test, a bench or an example is test code. */
function inRole(site: RawSite, role: FileRole | null): RawSite {
  return { ...site, test: site.test || role === 'test' || role === 'bench' || role === 'example' };
}

async function groupedByPackage(
  root: string,
  parsed: ReadonlyMap<string, UnsafeFacts>,
): Promise<Map<PackageFacts | null, ParsedFile[]>> {
  const packages = packagesOf(root);
  const grouped = new Map<PackageFacts | null, ParsedFile[]>();
  for (const file of parsed) {
    const owner = await packages.around(file[0]);
    const group = grouped.get(owner);
    if (group === undefined) grouped.set(owner, [file]);
    else group.push(file);
  }
  return grouped;
}

/** The origins that a package's names are looked up in, the nearest first: itself, path dependencies, std, registries. */
async function lookup(
  { host, pool, target }: AuditContext,
  byPackage: ReadonlyMap<PackageFacts | null, readonly ParsedFile[]>,
): Promise<(owner: PackageFacts | null, files: readonly ParsedFile[]) => Promise<Origin[]>> {
  const std = await standardLibrary();
  const registry = registryOf(host, pool, target.root.root, target.config.settings.analysis.maxFileSize);
  const byBase = new Map([...byPackage].map(([owner, files]) => [owner?.base, files]));
  return async (owner, files) => {
    const own = declaredIn('crate', '', byPackage.get(owner) ?? []);
    const neighbours = (owner?.paths ?? []).map(({ base, crate }) =>
      declaredIn('path', crate, byBase.get(base) ?? []),
    );
    const near = [own, ...neighbours, std];
    if (owner === null) return near;
    const sites = files.flatMap(([, facts]) => facts.sites);
    return [...near, ...(await registry.originsFor(owner, unknownNames(sites, near)))];
  };
}

function declaredIn(source: 'crate' | 'path', crate: string, files: readonly ParsedFile[]): Origin {
  const facts = files.map(([, one]) => one);
  return originOf(source, crate, facts);
}
