import type { Host } from '../../host.ts';
import type { PackageFacts } from '../../repo/dependencies.ts';
import type { UnsafeFile, UnsafeReport, UnsafeSite } from '../../report/unsafe-model.ts';
import { modulePath } from '../../search/module-path.ts';
import type { Notice } from '../../types/run.ts';
import { miriCanTell } from '../../unsafe/audit.ts';
import { byPath } from '../../util/order.ts';
import { shellWord } from '../../util/shell.ts';
import { REPORT_SCHEMA_VERSION } from '../../version.ts';
import { insideOf } from '../files.ts';
import type { ParserPool } from '../pool.ts';
import type { Target } from '../targets.ts';
import type { GatheredFile } from './gather.ts';
import { gatherUnsafe } from './gather.ts';
import { summaryOf } from './summary.ts';

interface Audit {
  /** By path: those with unsafe code, and those of which it is not known. */
  readonly files: readonly UnsafeFile[];
  /** Rust files that were asked about. */
  readonly found: number;
  readonly notices: readonly Notice[];
}

/**
 * The unsafe code of what was asked for, with the contracts of what it calls. Nothing is stored: to parse it takes no
 * longer than to read it back.
 */
export async function auditUnsafe(
  host: Host,
  pool: ParserPool,
  targets: readonly Target[],
): Promise<UnsafeReport> {
  const files: UnsafeFile[] = [];
  const notices: Notice[] = [];
  let found = 0;
  for (const target of targets) {
    const audit = await auditTarget(host, pool, target);
    files.push(...audit.files);
    notices.push(...target.config.notices, ...audit.notices);
    found += audit.found;
  }
  return { schemaVersion: REPORT_SCHEMA_VERSION, summary: summaryOf(files, found), files, notices };
}

async function auditTarget(host: Host, pool: ParserPool, target: Target): Promise<Audit> {
  const { root } = target.root;
  const inside = insideOf(target.prefixes);
  const { walked, files, unknown } = await gatherUnsafe({ host, pool, target }, inside);
  const roles = new Map(walked.files.map(({ path, role }) => [path, role]));
  const gone = [...unknown].map(([path, problem]): UnsafeFile => {
    return { root, path, role: roles.get(path) ?? null, sites: [], problem };
  });
  return {
    files: [...files.map((file) => reportOf(root, file)), ...gone].sort(byPath),
    found: [...walked.files, ...walked.skipped].filter(({ path }) => inside(path)).length,
    notices: walked.notices,
  };
}

function reportOf(root: string, { path, role, owner, sites, testModule, problem }: GatheredFile): UnsafeFile {
  const miri = miriCommand(owner, path, testModule);
  return {
    ...{ root, path, role },
    sites: sites.map(({ audited }): UnsafeSite => {
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
