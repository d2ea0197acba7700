import type { Target } from './targets.ts';
import type { Report, RepositoryReport } from '../report/model.ts';
import type { Layout } from '../store/layout.ts';
import type { Notice } from '../types/run.ts';
import { REPORT_SCHEMA_VERSION, TOOL } from '../version.ts';
import { counted } from '../util/numbers.ts';
import type { Baseline } from './findings/baseline.ts';
import { sinceBaseline } from './findings/baseline.ts';
import type { NewsInput } from './findings/news.ts';
import { sinceLastRun } from './findings/news.ts';
import { finishFiles } from './finish.ts';
import type { RefreshContext } from './refresh.ts';
import { withFresh } from './refresh.ts';
import type { OpenRepository } from './repository.ts';
import { openRepository } from './repository.ts';
import type { Reviewed, Reviewer } from './paid/reviewer.ts';
import { rememberRun } from './remember.ts';
import { variantOf } from './question.ts';
import type { Detail } from './summary.ts';
import { NOTHING_BOUGHT, summarize } from './summary.ts';
import { withChanged } from './since.ts';
import type { Synced } from './sync.ts';

export interface AnalyzeContext extends RefreshContext {
  readonly layout: Layout;
  /** Null: local rules alone. */
  readonly reviewer: Reviewer | null;
}

export interface AnalyzeRequest {
  readonly targets: readonly Target[];
  /** Only files that differ from where the history left this commit. */
  readonly since: string | null;
  readonly detail: Detail;
  /** What the findings are compared with: an earlier report, or what was told at the last run. */
  readonly baseline: Baseline | null;
  /** Whether the next run is compared with this one: not where nobody is told. */
  readonly tells: 'the-user' | 'nobody';
}

/** Analyses repositories one after the other. */
export async function analyze(context: AnalyzeContext, request: AnalyzeRequest): Promise<Report> {
  const repositories: RepositoryReport[] = [];
  const notices: Notice[] = [];
  for (const target of request.targets) {
    notices.push(...target.config.notices);
    repositories.push(await analyzeTarget(context, target, request, notices));
  }
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    tool: TOOL,
    provider: context.reviewer?.endpoint.provider ?? 'local',
    model: context.reviewer?.endpoint.model ?? null,
    repositories,
    notices,
  };
}

async function analyzeTarget(
  context: AnalyzeContext,
  target: Target,
  request: AnalyzeRequest,
  notices: Notice[],
): Promise<RepositoryReport> {
  const { host, layout } = context;
  const { since, detail } = request;
  const startedMs = host.now();
  const repository = await openRepository(host, layout, target);
  try {
    const { refreshed, done: bought } = await withFresh(context, repository, { since, startedMs }, (fresh) =>
      complete(context, repository, fresh, startedMs),
    );
    const { found, synced, whole, changes, gone } = refreshed;
    repository.analysis.touch(startedMs);
    notices.push(...found.notices, ...repository.analysis.notices, ...bought.notices);
    notices.push(...repository.dismissed.notices);
    const unreached = found.files.length - synced.paths.length;
    if (unreached > 0) notices.push({ code: 'interrupted', message: notReached(unreached) });
    const unreadable = found.skipped.filter(({ reason }) => reason === 'unreadable');
    if (unreadable.length > 0) notices.push(notReadable(unreadable.map(({ path }) => path)));
    const report = await summarize({
      repository,
      synced,
      whole,
      skipped: found.skipped,
      bought,
      // What changed is told apart finding by finding.
      detail: changes === null ? detail : { kind: 'all' },
      elapsedMs: host.now() - startedMs,
      interrupted: host.signal.aborted,
    });
    // Half a run is no news, and nothing to compare with.
    if (host.signal.aborted) return report;
    if (whole) rememberRun(repository.analysis, context.reviewer, report, startedMs);
    const marked = changes === null ? report : await withChanged(context, target, report, { found, changes });
    const asked = context.reviewer === null ? 'local' : 'llm';
    return withNews(marked, { repository, asked, paths: synced.paths, whole, gone }, request);
  } finally {
    context.progress.stop();
    repository.analysis.close();
  }
}

/** The report with what is new in it; the user is told, and the next run compared with this one. */
function withNews(
  report: RepositoryReport,
  input: NewsInput,
  { baseline, tells }: AnalyzeRequest,
): RepositoryReport {
  const lastRun = sinceLastRun(input, report);
  if (tells === 'the-user') lastRun.tell();
  return baseline === null ? lastRun.report : sinceBaseline(report, baseline, input.gone);
}

/** So many are named. */
const LISTED = 5;

function notReadable(paths: readonly string[]): Notice {
  const more = paths.length > LISTED ? `, and ${paths.length - LISTED} more` : '';
  return { code: 'unreadable', message: `cannot be read: ${paths.slice(0, LISTED).join(', ')}${more}` };
}

function notReached(files: number): string {
  return `interrupted: ${counted(files, 'file')} of those found not reached, and not among the counts`;
}

/** Brings the merged results to what they are to say: with the LLM's part, or without. */
async function complete(
  context: AnalyzeContext,
  repository: OpenRepository,
  synced: Synced,
  startedMs: number,
): Promise<Reviewed> {
  if (context.reviewer !== null) return context.reviewer.review(repository, synced, startedMs);
  const { analysis } = repository;
  const unsettled = new Set(analysis.unsettled(variantOf([], repository)).map(({ path }) => path));
  const stale = unsettled.size === 0 ? [] : synced.paths.filter((path) => unsettled.has(path));
  const rows = stale.length === 0 ? [] : analysis.files(stale);
  const { lost } = await finishFiles({ repository, answers: null, questions: [], at: startedMs }, rows);
  return { ...NOTHING_BOUGHT, notices: [], lost };
}
