import type { Target } from './targets.ts';
import type { Host } from '../host.ts';
import type { Report, RepositoryReport } from '../report/model.ts';
import type { Progress } from '../report/progress.ts';
import type { Layout } from '../store/layout.ts';
import { saveMeta } from '../store/repository.ts';
import type { Notice } from '../types.ts';
import { REPORT_SCHEMA_VERSION, VERSION } from '../version.ts';
import { goneFrom, onlyChanged, walkTarget } from './files.ts';
import { finishFiles } from './finish.ts';
import type { OpenRepository } from './repository.ts';
import { openRepository } from './repository.ts';
import type { Reviewed, Reviewer } from './reviewer.ts';
import { variantOf } from './question.ts';
import type { Detail } from './summary.ts';
import { NOTHING_BOUGHT, summarize } from './summary.ts';
import type { Synced } from './sync.ts';
import { sync } from './sync.ts';
import type { Walk } from '../repo/walk.ts';

export interface AnalyzeContext {
  readonly host: Host;
  readonly layout: Layout;
  readonly progress: Progress;
  /** Null: local rules alone. */
  readonly reviewer: Reviewer | null;
}

export interface AnalyzeRequest {
  readonly targets: readonly Target[];
  /** Only files that differ from where the history left this commit. */
  readonly since: string | null;
  readonly detail: Detail;
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
    tool: { name: 'rustassistant', version: VERSION },
    provider: context.reviewer?.endpoint.provider ?? 'local',
    model: context.reviewer?.endpoint.model ?? null,
    repositories,
    notices,
  };
}

async function analyzeTarget(
  context: AnalyzeContext,
  target: Target,
  { since, detail }: AnalyzeRequest,
  notices: Notice[],
): Promise<RepositoryReport> {
  const { host, layout } = context;
  const startedMs = host.now();
  const repository = await openRepository(host, layout, target);
  try {
    let { found, synced, whole } = await bringUpToDate(context, repository, since, startedMs);
    let bought = await complete(context, repository, synced, startedMs);
    if (bought.lost.length > 0) {
      // What is stored of them is damaged: forgotten, they are parsed again. Nothing was bought before that.
      repository.analysis.remove(bought.lost);
      ({ found, synced, whole } = await bringUpToDate(context, repository, since, startedMs));
      bought = await complete(context, repository, synced, startedMs);
    }
    repository.analysis.touch(startedMs);
    notices.push(...found.notices, ...repository.analysis.notices, ...bought.notices);
    return await summarize({
      repository,
      synced: synced.files,
      whole,
      skipped: found.skipped,
      bought,
      detail,
      elapsedMs: host.now() - startedMs,
      interrupted: host.signal.aborted,
    });
  } finally {
    context.progress.stop();
    repository.analysis.close();
  }
}

export interface UpToDate {
  readonly found: Walk;
  readonly synced: Synced;
  /** What was found is all that is stored. */
  readonly whole: boolean;
}

/** Walks, and parses what changed. */
export async function bringUpToDate(
  { host, progress }: Pick<AnalyzeContext, 'host' | 'progress'>,
  repository: OpenRepository,
  since: string | null,
  startedMs: number,
): Promise<UpToDate> {
  const { target, analysis, rulesHash } = repository;
  const walked = await walkTarget(target, host.env);
  const found = since === null ? walked : await onlyChanged(walked, target, since, host.env);
  progress.start('parsing', found.files.length);
  const context = {
    root: target.root.root,
    analysis,
    maxFileSize: target.config.settings.analysis.maxFileSize,
    rules: target.config.settings.rules,
    rulesHash,
    startedMs,
    lastWholeMs: repository.place.meta.lastSync,
    granularityMs: GRANULARITY_MS,
    signal: host.signal,
    onFile: () => progress.advance(1),
  };
  const synced = await sync(context, found.files, goneFrom(walked, target.prefixes));
  const whole = since === null && target.prefixes.includes('') && !host.signal.aborted;
  const changed = synced.removed > 0 || synced.files.some(({ state }) => state === 'parsed');
  if (whole && changed) await saveMeta(repository.place, { lastSync: startedMs });
  progress.stop();
  return { found, synced, whole };
}

/** Two writes within a clock tick of the kernel (100 Hz at the slowest) can leave the same time; FAT keeps 2 s. */
const GRANULARITY_MS = 20;

/** Brings the merged results to what they are to say: with the LLM's part, or without. */
async function complete(
  context: AnalyzeContext,
  repository: OpenRepository,
  synced: Synced,
  startedMs: number,
): Promise<Reviewed> {
  if (context.reviewer !== null) return context.reviewer.review(repository, synced, startedMs);
  const { analysis, rulesHash, id, target } = repository;
  const question = { kind: 'local' as const };
  const unsettled = new Set(analysis.unsettled(variantOf(question, rulesHash)).map(({ path }) => path));
  const stale = unsettled.size === 0 ? [] : synced.files.filter(({ path }) => unsettled.has(path));
  const { lost } = await finishFiles(
    {
      root: target.root.root,
      repository: id,
      analysis,
      answers: null,
      question,
      rulesHash,
      maxFileSize: target.config.settings.analysis.maxFileSize,
      at: startedMs,
    },
    stale.map(({ row }) => row),
  );
  return { ...NOTHING_BOUGHT, notices: [], lost };
}
