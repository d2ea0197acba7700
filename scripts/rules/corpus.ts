/** A folder of crates, one a subfolder, and what the built program finds in them. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse } from 'smol-toml';
import type { ReportFinding } from '../support/report.ts';
import { parseReport } from '../support/report.ts';
import { run } from '../support/run.ts';

export interface CrateFinding extends Pick<ReportFinding, 'rule' | 'severity' | 'title' | 'startLine'> {
  readonly crate: string;
  readonly path: string;
}

export interface CrateFindings {
  readonly crate: string;
  /** Of all Rust files that were analysed. */
  readonly lines: number;
  readonly findings: readonly CrateFinding[];
}

/** Crates in one run of the program. */
const TOGETHER = 20;

export function crateNames(corpus: string): string[] {
  return readdirSync(corpus, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}

/** What the program finds in these crates, severities as without any configuration, suppressed findings left out. */
export function* findingsOf(corpus: string, crates: readonly string[]): Generator<CrateFindings> {
  const home = mkdtempSync(join(tmpdir(), 'rustassistant-rules-'));
  try {
    for (let at = 0; at < crates.length; at += TOGETHER) {
      yield* batch(corpus, crates.slice(at, at + TOGETHER), home);
      process.stderr.write(`${Math.min(at + TOGETHER, crates.length)}/${crates.length}\n`);
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function* batch(corpus: string, crates: readonly string[], home: string): Generator<CrateFindings> {
  const folders = crates.map((crate) => join(corpus, crate));
  const ran = run(['analyze', ...folders, '--provider', 'local', '--format', 'json'], { home });
  const report = parseReport(ran.stdout);
  if (report === null) throw new Error(`exit status ${ran.status}: ${ran.stderr}`);
  for (const { path: root, files } of report.repositories) {
    const crate = basename(root);
    let lines = 0;
    const findings: CrateFinding[] = [];
    for (const file of files) {
      if (file.status === 'skipped' || file.status === 'failed') continue;
      lines += file.metrics?.lines ?? linesOf(join(root, file.path));
      for (const { rule, severity, title, startLine, suppressed } of file.findings) {
        if (suppressed === undefined)
          findings.push({ crate, path: file.path, rule, severity, title, startLine });
      }
    }
    yield { crate, lines, findings };
  }
}

function linesOf(path: string): number {
  return readFileSync(path, 'utf8').split('\n').length;
}

type Table = Readonly<Record<string, unknown>>;
const DEPENDENCIES = ['dependencies', 'build-dependencies', 'dev-dependencies'];

/**
 * The crates that most others of the corpus name in their Cargo.toml (normal, build and dev dependencies, those of
 * targets too), each other crate counted once; of several versions of one crate, the last by name.
 */
export function mostUsed(
  corpus: string,
  count: number,
): { readonly crate: string; readonly dependents: number }[] {
  const folders = new Map<string, string>();
  const dependents = new Map<string, number>();
  for (const folder of crateNames(corpus)) {
    const manifest = manifestOf(join(corpus, folder));
    if (manifest === null) continue;
    folders.set(manifest.name, folder);
    for (const name of manifest.dependencies) dependents.set(name, (dependents.get(name) ?? 0) + 1);
  }
  return [...dependents]
    .flatMap(([name, number]) => {
      const crate = folders.get(name);
      return crate === undefined ? [] : [{ crate, dependents: number }];
    })
    .sort((a, b) => b.dependents - a.dependents || (a.crate < b.crate ? -1 : 1))
    .slice(0, count);
}

function manifestOf(
  folder: string,
): { readonly name: string; readonly dependencies: ReadonlySet<string> } | null {
  const table = tomlOf(join(folder, 'Cargo.toml'));
  const name = (table?.['package'] as Table | undefined)?.['name'];
  if (table === null || typeof name !== 'string') return null;
  const tables = [table, ...Object.values((table['target'] ?? {}) as Table)] as Table[];
  const dependencies = new Set<string>();
  for (const part of tables) {
    for (const kind of DEPENDENCIES) {
      for (const [key, value] of Object.entries((part[kind] ?? {}) as Table)) {
        const renamed = (value as Table | null)?.['package'];
        dependencies.add(typeof renamed === 'string' ? renamed : key);
      }
    }
  }
  return { name, dependencies };
}

function tomlOf(path: string): Table | null {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch {
    // No manifest, or none that can be read: then it depends on nothing.
    return null;
  }
}
