import type { Difference, FileChange } from '../../cache/news.ts';
import { difference, lessCounts } from '../../cache/news.ts';
import type { ToldFinding } from '../../cache/told.ts';
import { packTold, unpackTold } from '../../cache/told.ts';
import type { News, RepositoryReport } from '../../report/model.ts';
import type { ToldChange, ToldGone } from '../../store/told.ts';
import type { SeverityCounts } from '../../types/finding.ts';
import { countsOf } from '../../util/severity.ts';
import type { OpenRepository } from '../repository.ts';

export interface NewsInput {
  readonly repository: OpenRepository;
  /** `local`, or `llm`: what a model says is compared with what one said. */
  readonly asked: string;
  /** The files that were looked at. */
  readonly paths: readonly string[];
  readonly whole: boolean;
  /** Tells of a file whether it is there no more, where it was looked for. */
  readonly gone: (path: string) => boolean;
}

/** What a run brought, and what must be remembered for the next. */
export interface LastRun {
  /** The report with what is new since the last run; null in it where nothing was told before. */
  readonly report: RepositoryReport;
  /** From now on the next run is compared with this one. */
  tell(): void;
}

interface Changed {
  readonly row: ToldChange;
  readonly now: readonly ToldFinding[];
}

/** Compares a run with the last one of its kind. Reads rows of files whose result is another; decodes no result. */
export function sinceLastRun(
  { repository, asked, paths, whole, gone }: NewsInput,
  report: RepositoryReport,
): LastRun {
  const { told } = repository.analysis;
  const rows = told.changes(asked, whole ? null : paths);
  const vanished = told.withoutResult(asked).filter(({ path }) => gone(path));
  const wasWhole = told.wasWhole(asked);
  const changes = rows.map((row): Changed => ({ row, now: unpackTold(row.now) }));
  // Never looked at before, so that nobody can say since when it is so.
  const unknown = wasWhole ? [] : changes.filter(({ row }) => row.before === null);
  const known = wasWhole ? changes : changes.filter(({ row }) => row.before !== null);
  const compared = difference([...known.map(changeOf), ...vanished.map(lossOf)]);
  return {
    report: withNews(report, compared, unknown),
    tell() {
      const pending = new Map(known.map(({ row }, index) => [row.path, compared.pending[index] ?? []]));
      const written = changes.map(({ row: { path, createdAt }, now }) => {
        const findings = packTold([...now, ...(pending.get(path) ?? [])]);
        return { path, createdAt, findings };
      });
      const first = whole && !wasWhole;
      if (written.length + vanished.length === 0 && !first) return;
      told.tell(asked, { told: written, gone: vanished.map(({ path }) => path), whole: first });
    },
  };
}

function changeOf({ row, now }: Changed): FileChange {
  return { before: row.before === null ? [] : unpackTold(row.before), now, complete: row.complete === 1 };
}

function lossOf({ before }: ToldGone): FileChange {
  return { before: unpackTold(before), now: [], complete: true };
}

function withNews(
  report: RepositoryReport,
  compared: Difference,
  unknown: readonly Changed[],
): RepositoryReport {
  const unknownFindings = unknown.flatMap(({ now }) => now.filter(({ suppressed }) => !suppressed));
  const { summary } = report;
  const kept = lessCounts(summary.findings, compared.new, countsOf(unknownFindings));
  const nothingTold = [compared.new, kept, compared.fixed].every((counts) => sum(counts) === 0);
  if (nothingTold && unknown.length > 0) return report;
  const news: News = { since: 'last-run', kept, ...newsIn(compared) };
  return { ...report, summary: { ...summary, news } };
}

/** What a comparison says, but for what stayed. */
export function newsIn(compared: Difference): Pick<News, 'new' | 'fixed' | 'newIds'> {
  return { new: compared.new, fixed: compared.fixed, newIds: [...compared.added].sort() };
}

function sum(counts: SeverityCounts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
