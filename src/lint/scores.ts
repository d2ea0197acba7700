import type { FindingDraft, Scores, Severity } from '../types/finding.ts';
import type { FileMetrics } from '../types/syntax.ts';
import { SECURITY } from './rule.ts';

/** The share of what is left that one finding takes away. */
const TOLL: Readonly<Record<Severity, number>> = {
  critical: 0.5,
  high: 0.25,
  medium: 0.1,
  low: 0.02,
  info: 0,
};
const WEIGHTS = { defects: 3, security: 3, maintainability: 2, complexity: 1, documentation: 1 } as const;
type Part = keyof typeof WEIGHTS;
const PARTS = Object.keys(WEIGHTS) as Part[];

export interface ScoreInput {
  /** Local and stored ones alike; suppressed ones do not count. */
  readonly findings: readonly Pick<FindingDraft, 'severity' | 'category' | 'suppressed'>[];
  /** Null where the file did not parse cleanly: then nothing is known. */
  readonly metrics: FileMetrics | null;
}

/** Scores of one file, 0-100 (100 is best), null where nothing is known. The formulas stand in docs/scores.md. */
export function scores({ findings, metrics }: ScoreInput): Scores {
  if (metrics === null) return UNKNOWN;
  const { grave, security, maintainability, defects } = leftBy(findings);
  const dense = perSize(metrics.lines);
  const parts = {
    defects: defects ** dense,
    // A hole is a hole in a file of any size; what is medium or below counts by how dense it is.
    security: grave * security ** dense,
    maintainability: maintainabilityOf(metrics, maintainability),
    complexity: metrics.functions === 0 ? null : complexityOf(metrics),
    documentation: metrics.publicItems === 0 ? null : metrics.documentedItems / metrics.publicItems,
  };
  return {
    quality: percent(mean(parts)),
    security: percent(parts.security),
    maintainability: percent(parts.maintainability),
    complexity: percent(parts.complexity),
    documentation: percent(parts.documentation),
  };
}

const UNKNOWN: Scores = {
  quality: null,
  security: null,
  maintainability: null,
  complexity: null,
  documentation: null,
};

/** Of one score over many files: the sum of score × lines, and the lines of those whose score is known. */
export interface ScoreSum {
  readonly points: number;
  readonly lines: number;
}

/** Scores of a repository: the mean of its files' scores, weighted by lines; what is unknown has no weight. */
export function repositoryScores(sums: Readonly<Record<keyof Scores, ScoreSum>>): Scores {
  const over = ({ points, lines }: ScoreSum): number | null =>
    lines === 0 ? null : Math.round(points / lines);
  return {
    quality: over(sums.quality),
    security: over(sums.security),
    maintainability: over(sums.maintainability),
    complexity: over(sums.complexity),
    documentation: over(sums.documentation),
  };
}

/** By kind of finding the product of (1 - toll): each takes its share of what the others left. */
function leftBy(findings: ScoreInput['findings']): Record<ReturnType<typeof kindOf>, number> {
  const left = { grave: 1, security: 1, maintainability: 1, defects: 1 };
  for (const finding of findings) {
    if (finding.suppressed === undefined) left[kindOf(finding)] *= 1 - TOLL[finding.severity];
  }
  return left;
}

function kindOf({
  severity,
  category,
}: Pick<FindingDraft, 'severity' | 'category'>): 'grave' | 'security' | 'maintainability' | 'defects' {
  if (SECURITY.has(category)) return severity === 'critical' || severity === 'high' ? 'grave' : 'security';
  return category === 'maintainability' ? 'maintainability' : 'defects';
}

/** Up to 500 lines findings count in full; in a file of 1,000 lines as the square root, and so on. */
function perSize(lines: number): number {
  return 1 / Math.max(1, lines / 500);
}

function maintainabilityOf(metrics: FileMetrics, findings: number): number {
  const longest = 1 / (1 + Math.max(0, metrics.functionLinesMax - 60) / 240);
  const length = 1 / (1 + Math.max(0, metrics.lines - 500) / 4500);
  return longest * length * findings ** perSize(metrics.lines);
}

function complexityOf({ cognitive, cognitiveMax, functions }: FileMetrics): number {
  return 1 / (1 + cognitive / functions / 15 + Math.max(0, cognitiveMax - 15) / 60);
}

/** Weighted mean of what is known, null where nothing is. */
function mean(parts: Readonly<Record<Part, number | null>>): number | null {
  let sum = 0;
  let weights = 0;
  for (const part of PARTS) {
    const value = parts[part];
    if (value === null) continue;
    sum += value * WEIGHTS[part];
    weights += WEIGHTS[part];
  }
  return weights === 0 ? null : sum / weights;
}

function percent(share: number | null): number | null {
  return share === null ? null : Math.round(share * 100);
}
