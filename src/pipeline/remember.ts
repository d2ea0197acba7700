import type { RepositoryReport } from '../report/model.ts';
import type { Analysis } from '../store/analysis.ts';
import type { Scores } from '../types/finding.ts';
import type { Reviewer } from './paid/reviewer.ts';

/** Keeps what a run over a whole repository came to, for the reports to come. `at`: milliseconds since the epoch. */
export function rememberRun(
  analysis: Analysis,
  reviewer: Reviewer | null,
  { commit, summary }: RepositoryReport,
  at: number,
): void {
  const { files, lines, findings, suppressed, scores, cost } = summary;
  analysis.recordRun({
    ...{ at, commit, lines, suppressed, ...findings, ...(scores ?? UNKNOWN) },
    model: reviewer?.endpoint.model ?? '',
    files: files.found,
    ticks: cost.ticks,
  });
}

const UNKNOWN: Scores = {
  quality: null,
  security: null,
  maintainability: null,
  complexity: null,
  documentation: null,
};
