import type { Host } from '../../host.ts';
import type { PackageFacts } from '../../repo/dependencies.ts';
import type { UnsafeFile, UnsafeSite } from '../../report/unsafe-model.ts';
import { modulePath } from '../../search/module-path.ts';
import type { FileRole, Notice } from '../../types.ts';
import { auditSite, miriCanTell } from '../../unsafe/audit.ts';
import type { Origin } from '../../unsafe/resolve.ts';
import { originOf, unknownNames } from '../../unsafe/resolve.ts';
import type { UnsafeFacts } from '../../unsafe/site.ts';
import { shellWord } from '../../util/shell.ts';
import { insideOf, walkTarget } from '../files.ts';
import type { ParserPool } from '../pool.ts';
import type { Target } from '../targets.ts';
import { packagesOf } from './packages.ts';
import { registryOf } from './registry.ts';
import { standardLibrary } from './standard.ts';

export interface Audit {
  /** By path: those with unsafe code, and those of which it is not known. */
  readonly files: readonly UnsafeFile[];
  /** Rust files that were asked about. */
  readonly found: number;
  readonly notices: readonly Notice[];
}

/**
 * The unsafe code of what was asked for, with the contracts of what it calls: of the whole repository around it, of
 * the standard library, of registry crates whose sources are on this disk. Nothing is stored: only files with the word
 * in them are parsed, which takes no longer than reading it back would.
 */
export async function auditTarget(host: Host, pool: ParserPool, target: Target): Promise<Audit> {
  const { root, prefixes, config } = target;
  const { maxFileSize } = config.settings.analysis;
  const walked = await walkTarget({ ...target, prefixes: [''] }, host.env);
  const inside = insideOf(prefixes);
  const unknown = new Map<string, string>();
  for (const { path, reason } of walked.skipped) if (inside(path)) unknown.set(path, `skipped: ${reason}`);
  const parsed = new Map<string, UnsafeFacts>();
  const source = { root: root.root, maxFileSize, signal: host.signal };
  await pool.each('unsafe', source, walked.files, (outcome) => {
    if (outcome.kind === 'done' && outcome.value !== null) parsed.set(outcome.path, outcome.value);
    else if (outcome.kind !== 'done' && inside(outcome.path)) {
      const why = outcome.kind === 'skipped' ? `skipped: ${outcome.reason}` : outcome.message;
      unknown.set(outcome.path, why);
    }
  });
  const roles = new Map(walked.files.map(({ path, role }) => [path, role]));
  const files = await auditFiles({ host, pool, target }, parsed, roles, inside);
  const gone = [...unknown].map(([path, problem]) => ({
    ...{ root: root.root, path, role: roles.get(path) ?? null, sites: [], problem },
  }));
  return {
    files: [...files, ...gone].sort((a, b) => (a.path < b.path ? -1 : 1)),
    found: [...walked.files, ...walked.skipped].filter(({ path }) => inside(path)).length,
    notices: walked.notices,
  };
}

interface AuditContext {
  readonly host: Host;
  readonly pool: ParserPool;
  readonly target: Target;
}

type ParsedFile = readonly [path: string, facts: UnsafeFacts];

async function auditFiles(
  context: AuditContext,
  parsed: ReadonlyMap<string, UnsafeFacts>,
  roles: ReadonlyMap<string, FileRole>,
  inside: (path: string) => boolean,
): Promise<UnsafeFile[]> {
  const { root } = context.target.root;
  const byPackage = await groupedByPackage(root, parsed);
  const originsFor = await lookup(context, byPackage);
  const audited: UnsafeFile[] = [];
  for (const [owner, files] of byPackage) {
    const shown = files.filter(
      ([path, { sites, problem }]) => inside(path) && (sites.length > 0 || problem !== null),
    );
    if (shown.length === 0) continue;
    const origins = await originsFor(owner, shown);
    for (const [path, facts] of shown) {
      const role = roles.get(path) ?? null;
      audited.push(auditFile({ root, path, role }, owner, facts, origins));
    }
  }
  return audited;
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
    const unknown = unknownNames(
      files.flatMap(([, { sites }]) => sites),
      near,
    );
    return [...near, ...(await registry.originsFor(owner, unknown))];
  };
}

function declaredIn(source: 'crate' | 'path', crate: string, files: readonly ParsedFile[]): Origin {
  return originOf(
    source,
    crate,
    files.map(([, facts]) => facts),
  );
}

function auditFile(
  file: Pick<UnsafeFile, 'root' | 'path' | 'role'>,
  owner: PackageFacts | null,
  { sites, problem, testModule }: UnsafeFacts,
  origins: readonly Origin[],
): UnsafeFile {
  const miri = miriCommand(owner, file.path, testModule);
  const isTest = file.role === 'test' || file.role === 'bench' || file.role === 'example';
  return {
    ...file,
    sites: sites.map((site): UnsafeSite => {
      const audited = auditSite({ ...site, test: site.test || isTest }, origins);
      return { ...audited, miri: audited.gaps.length > 0 && miriCanTell(audited) ? miri : null };
    }),
    ...(problem === null ? {} : { problem }),
  };
}

/** Runs the tests of the file's own module where it has one, else those of the package. */
function miriCommand(owner: PackageFacts | null, path: string, testModule: string | null): string | null {
  if (owner === null) return null;
  const words = ['cargo', '+nightly', 'miri', 'test'];
  if (owner.base !== '') words.push('--manifest-path', shellWord(`${owner.base}Cargo.toml`));
  const module = testModule === null ? '' : modulePath(path.slice(owner.base.length), `${testModule}::x`);
  if (module !== '') words.push(shellWord(module));
  return words.join(' ');
}
