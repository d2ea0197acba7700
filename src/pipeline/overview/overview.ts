import { messageOf, UserError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { repositoryScores } from '../../lint/scores.ts';
import { churn, isShallow } from '../../repo/history.ts';
import { repoId } from '../../repo/root.ts';
import type { Hotspots, Overview, OverviewReport, UnsafeCounts } from '../../report/overview-model.ts';
import type { Layout } from '../../store/layout.ts';
import { listRepositories } from '../../store/repository.ts';
import type { Analysis } from '../../store/analysis.ts';
import type { Run } from '../../store/runs.ts';
import type { Notice } from '../../types/run.ts';
import { TICKS_PER_USD } from '../../types/answer.ts';
import { byPath } from '../../util/order.ts';
import { shellWord } from '../../util/shell.ts';
import { REPORT_SCHEMA_VERSION, TOOL } from '../../version.ts';
import type { StoredFacts } from '../edits.ts';
import { insideOf, walkTarget } from '../files.ts';
import type { StoredResult } from '../merge.ts';
import { usage } from '../paid/usage.ts';
import { openRepository } from '../repository.ts';
import type { Target } from '../targets.ts';
import type { MeasuredFile } from './hotspots.ts';
import { hotspotsOf } from './hotspots.ts';
import { worstItems } from './items.ts';
import type { FileTodos } from './todos.ts';
import { agedTodos } from './todos.ts';

/** Long enough to tell what is worked on, in evenings too; short enough to forget what was. */
const CHURN_DAYS = 365;
/** So many past runs are told. */
const RUNS = 10;

/**
 * What is stored of repositories, put so that it says where to begin. Parses nothing and asks no model. Throws a
 * UserError `not-analysed` where nothing is stored of one, or of all where `unstored` ones are told.
 */
export async function overviewOf(
  host: Host,
  layout: Layout,
  targets: readonly Target[],
  { unstored }: { readonly unstored: 'refused' | 'told' },
): Promise<OverviewReport> {
  const notices: Notice[] = [];
  const repositories: Overview[] = [];
  const stored = targets.filter((target) => isStored(layout, target));
  for (const target of targets) {
    if (!stored.includes(target)) {
      const { message, hint } = notStored(target);
      if (unstored === 'refused' || stored.length === 0) throw new UserError(NOT_STORED, message, hint);
      notices.push({ code: NOT_STORED, message: `${message}. ${hint}` });
      continue;
    }
    notices.push(...target.config.notices);
    repositories.push(await overview(host, layout, target, notices));
  }
  return { schemaVersion: REPORT_SCHEMA_VERSION, tool: TOOL, repositories, notices };
}

const NOT_STORED = 'not-analysed';

function isStored(layout: Layout, { root }: Target): boolean {
  return listRepositories(layout).some(({ meta }) => meta.fullHash === repoId(root));
}

function notStored({ root }: Target): { readonly message: string; readonly hint: string } {
  return {
    message: `nothing is stored of ${root.root}`,
    hint: `Run: rustassistant analyze ${shellWord(root.root)}`,
  };
}

async function overview(host: Host, layout: Layout, target: Target, notices: Notice[]): Promise<Overview> {
  const repository = await openRepository(host, layout, target);
  const { analysis, id, commit } = repository;
  try {
    const inside = insideOf(target.prefixes);
    const stored = analysis.files(null).filter(({ path }) => inside(path));
    const paths = stored.map(({ path }) => path);
    const { measured, todos } = await readFiles(analysis, paths);
    const totals = analysis.totals(paths);
    const known = Object.values(totals.scores).some(({ lines }) => lines > 0);
    const { lines, broken } = analysis.fileSums(paths);
    notices.push(...analysis.notices);
    return {
      ...{ id, path: target.root.root, commit, lines, broken },
      outdated: await outdatedIn(host, target, analysis, paths),
      files: paths.length,
      findings: totals.findings,
      suppressed: totals.suppressed,
      scores: known ? repositoryScores(totals.scores) : null,
      hotspots: await hotspots(host, target, measured),
      items: worstItems(measured),
      unsafe: unsafeIn(measured),
      todos: todos === null ? null : await agedTodos(host, target.root, todos, notices),
      runs: analysis.lastRuns(RUNS).map(pastRun),
      coverage: analysis.coverage(),
      cost: await costOf(host, layout, target, id),
    };
  } finally {
    analysis.close();
  }
}

/** What is stored of each file; the TODOs are null where a file's were stored before there were any. */
async function readFiles(
  analysis: Analysis,
  paths: readonly string[],
): Promise<{ readonly measured: MeasuredFile[]; readonly todos: FileTodos[] | null }> {
  const measured: MeasuredFile[] = [];
  const todos: FileTodos[] = [];
  let complete = true;
  for (const path of paths) {
    const result = await analysis.getAnalysis<StoredResult>(path);
    if (result === null) continue;
    const findings = result.findings.filter(({ suppressed }) => suppressed === undefined);
    measured.push({ path, metrics: result.metrics, findings });
    const facts = await analysis.getFacts<Partial<StoredFacts>>(path);
    if (facts?.todos === undefined) complete = false;
    else todos.push({ path, todos: facts.todos });
  }
  return { measured, todos: complete ? todos : null };
}

/** By what the disk says of the files; nothing is read. */
async function outdatedIn(
  host: Host,
  target: Target,
  analysis: Analysis,
  paths: readonly string[],
): Promise<number> {
  const { files } = await walkTarget(target, host.env);
  const stamps = new Map(analysis.files(null).map(({ path, stamp }) => [path, stamp]));
  const found = new Set(files.map(({ path }) => path));
  const changed = files.filter(({ path, stamp }) => stamps.get(path) !== stamp);
  return changed.length + paths.filter((path) => !found.has(path)).length;
}

async function hotspots(host: Host, { root }: Target, measured: readonly MeasuredFile[]): Promise<Hotspots> {
  const unknown = (why: string): Hotspots => ({
    days: CHURN_DAYS,
    unknown: why,
    files: hotspotsOf(measured, null),
  });
  if (root.kind !== 'git') return unknown('it is no git repository');
  if (isShallow(root)) return unknown('the clone is shallow (git fetch --unshallow brings its history)');
  try {
    const commits = await churn(root, { days: CHURN_DAYS, env: host.env });
    return { days: CHURN_DAYS, unknown: null, files: hotspotsOf(measured, commits) };
  } catch (error) {
    return unknown(messageOf(error));
  }
}

function unsafeIn(measured: readonly MeasuredFile[]): UnsafeCounts {
  const files = measured
    .map(({ path, metrics }) => ({ path, blocks: metrics?.unsafeBlocks ?? 0 }))
    .filter(({ blocks }) => blocks > 0)
    .sort((a, b) => b.blocks - a.blocks || byPath(a, b));
  return {
    blocks: files.reduce((sum, { blocks }) => sum + blocks, 0),
    unknownFiles: measured.filter(({ metrics }) => metrics === null).length,
    files,
  };
}

function pastRun(run: Run): Overview['runs'][number] {
  const { at, commit, model, lines, critical, high, medium, low, info, quality, ticks } = run;
  return {
    at: new Date(at).toISOString(),
    commit,
    model: model === '' ? null : model,
    lines,
    findings: { critical, high, medium, low, info },
    quality,
    usd: ticks / TICKS_PER_USD,
  };
}

async function costOf(
  host: Host,
  { home }: Layout,
  { config }: Target,
  id: string,
): Promise<Overview['cost']> {
  const { budget } = config.settings;
  const { ledger, byRepository } = await usage(host, { home, budget, sinceMs: null, unknown: 'keep' });
  if (ledger.state === 'unknown') return null;
  const spent = byRepository.find(({ key }) => key === id);
  const { usd = 0, ticks = 0, openTicks = 0, requests = 0 } = spent ?? {};
  return { usd, ticks, openUsd: openTicks / TICKS_PER_USD, requests };
}
