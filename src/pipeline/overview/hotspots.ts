import type { Hotspot } from '../../report/overview-model.ts';
import type { Finding, Severity } from '../../types/finding.ts';
import type { FileMetrics } from '../../types/syntax.ts';
import { byPath } from '../../util/order.ts';

/** What one finding weighs; each level twice the one below. */
const WEIGHT: Readonly<Record<Severity, number>> = { critical: 8, high: 4, medium: 2, low: 1, info: 0 };

export interface MeasuredFile {
  readonly path: string;
  /** Null where it did not parse whole. */
  readonly metrics: FileMetrics | null;
  /** Suppressed ones are not among them. */
  readonly findings: readonly Finding[];
}

/**
 * Where work pays first: churn × complexity × severity, after Tornhill's hotspots (Your Code as a Crime Scene, 2015),
 * which are the first two. Score = commits × cognitive complexity × (1 + weights of the findings); 0 for what nobody
 * touches or what has no branches. The hottest first; then what is unknown, by path.
 *
 * @param churn path → commits; null where the history does not tell
 */
export function hotspotsOf(
  files: readonly MeasuredFile[],
  churn: ReadonlyMap<string, number> | null,
): Hotspot[] {
  const spots = files.map(({ path, metrics, findings }): Hotspot => {
    const commits = churn === null ? null : (churn.get(path) ?? 0);
    const cognitive = metrics === null ? null : metrics.cognitive;
    const weight = weightOf(findings);
    const score = commits === null || cognitive === null ? null : commits * cognitive * (1 + weight);
    return { path, commits, cognitive, weight, score };
  });
  return spots
    .filter(({ score }) => score !== 0)
    .sort((a, b) => (b.score ?? -1) - (a.score ?? -1) || byPath(a, b));
}

export function weightOf(findings: readonly Pick<Finding, 'severity'>[]): number {
  return findings.reduce((sum, { severity }) => sum + WEIGHT[severity], 0);
}
