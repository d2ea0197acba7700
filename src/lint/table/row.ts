import type { Severity } from '../../types/finding.ts';
import type { Category, RuleInfo } from '../rule.ts';

type Words = Pick<RuleInfo, 'what' | 'why' | 'mend' | 'fires' | 'silent'> &
  Partial<Pick<RuleInfo, 'cwe' | 'exampleRole' | 'precision' | 'libraryOnly' | 'inTests' | 'inGenerated'>>;

/** A row of the table. A rule for library code is silent in tests and generated code, others are not, unless told. */
export function rule(
  id: string,
  severity: Severity,
  category: Category,
  title: string,
  words: Words,
): RuleInfo {
  const {
    libraryOnly = false,
    inTests = libraryOnly ? 'silent' : 'lower',
    inGenerated = !libraryOnly,
    cwe = null,
    exampleRole = 'library',
    precision = null,
  } = words;
  return {
    id,
    severity,
    category,
    title,
    ...words,
    cwe,
    exampleRole,
    precision,
    libraryOnly,
    inTests,
    inGenerated,
  };
}
