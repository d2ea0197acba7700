import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBlobs } from '../repo/blobs.ts';
import type { Changes } from '../repo/history.ts';
import type { Walk } from '../repo/walk.ts';
import type { RepositoryReport } from '../report/model.ts';
import type { Pieces } from '../syntax/pieces.ts';
import type { Finding } from '../types/finding.ts';
import { countsOf } from '../util/severity.ts';
import type { ParseInput, ParserPool } from './pool.ts';
import type { RefreshContext } from './refresh.ts';
import type { Target } from './targets.ts';

/** What stood in the changed files before, wherever in them: an item that only moved is an old one. */
interface Before {
  readonly units: ReadonlySet<string>;
  readonly lines: ReadonlySet<string>;
}

/** The report of a run under `--since`, with the findings of items that changed told from older ones. */
export async function withChanged(
  { host, pool }: Pick<RefreshContext, 'host' | 'pool'>,
  { root, config }: Target,
  report: RepositoryReport,
  { found, changes }: { readonly found: Walk; readonly changes: Changes },
): Promise<RepositoryReport> {
  const { maxFileSize } = config.settings.analysis;
  const ids = [...changes.values()].filter((id) => id !== null);
  const blobs = readBlobs(root, ids, { env: host.env, maxBytes: maxFileSize });
  const before = await piecesBefore(pool, blobs, maxFileSize);
  const told = new Set(report.files.filter(({ findings }) => findings.length > 0).map(({ path }) => path));
  const files = found.files.filter(({ path }) => told.has(path));
  const pieces = await piecesIn(pool, { root: root.root, maxFileSize }, files);
  const marked = report.files.map((file) => {
    const now = pieces.get(file.path);
    // Gone or not to be read by now: nothing says that it is old.
    const changed = (finding: Finding): boolean => now === undefined || isChanged(finding, now, before);
    return {
      ...file,
      findings: file.findings.map((finding) => ({ ...finding, changed: changed(finding) })),
    };
  });
  const all = marked.flatMap(({ findings }) => findings);
  const open = all.filter(({ changed, suppressed }) => changed && suppressed === undefined);
  return { ...report, files: marked, summary: { ...report.summary, changed: countsOf(open) } };
}

/** By the unit on whose lines it begins; outside of units by its own lines. */
function isChanged({ startLine, endLine }: Finding, now: Pieces, before: Before): boolean {
  const own = now.units.filter((unit) => unit.startLine <= startLine && startLine <= unit.endLine);
  if (own.length > 0) return own.some(({ hash }) => !before.units.has(hash));
  const lines = now.rest.filter(({ line }) => startLine <= line && line <= Math.max(startLine, endLine));
  return lines.length === 0 || lines.some(({ text }) => !before.lines.has(text));
}

/** Parsers read files: contents out of the history become some, in a folder of their own, for as long as it takes. */
async function piecesBefore(
  pool: ParserPool,
  blobs: AsyncIterable<{ readonly content: Buffer }>,
  maxFileSize: number,
): Promise<Before> {
  const folder = mkdtempSync(join(tmpdir(), 'rustassistant-'));
  try {
    const files: ParseInput[] = [];
    for await (const { content } of blobs) {
      const path = `${files.length}.rs`;
      writeFileSync(join(folder, path), content, { mode: 0o600 });
      files.push({ path, role: 'library', size: content.length });
    }
    const found = [...(await piecesIn(pool, { root: folder, maxFileSize }, files)).values()];
    return {
      units: new Set(found.flatMap(({ units }) => units.map(({ hash }) => hash))),
      lines: new Set(found.flatMap(({ rest }) => rest.map(({ text }) => text))),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** By path; what cannot be read or parsed is left out. */
async function piecesIn(
  pool: ParserPool,
  source: { readonly root: string; readonly maxFileSize: number },
  files: readonly ParseInput[],
): Promise<Map<string, Pieces>> {
  const pieces = new Map<string, Pieces>();
  await pool.each('pieces', source, files, (outcome) => {
    if (outcome.kind === 'done') pieces.set(outcome.path, outcome.value);
  });
  return pieces;
}
