import type { Answer } from '../types/answer.ts';
import type { FindingDraft } from '../types/finding.ts';
import type { Unit } from '../types/unit.ts';
import type { LineIndex } from '../util/lines.ts';

/**
 * The findings of a stored answer where its unit stands in this file now. Ids are given at the merge.
 * `lines` is of the file's whole text.
 */
export function toDrafts(lens: string, { findings }: Answer, unit: Unit, lines: LineIndex): FindingDraft[] {
  const length = unit.end - unit.start;
  return findings
    .filter(({ start, end }) => start < end && end <= length)
    .map(({ start, end, severity, category, title, message, suggestion, quote }) => ({
      ...lines.position(unit.start + start, unit.start + end),
      rule: `${lens}/${category}`,
      source: 'llm' as const,
      severity,
      category,
      title,
      message,
      ...(suggestion === '' ? {} : { suggestion }),
      item: unit.path,
      quote,
    }));
}
