import type { LensFinding } from '../types/answer.ts';
import type { Severity } from '../types/finding.ts';
import type { AskedUnit } from '../types/unit.ts';
import { atLeast } from '../util/severity.ts';
import { withAddition } from './addition.ts';

/** Findings from here on are looked at twice. */
const SECOND_LOOK: Severity = 'high';
/** What an undecided one is shown as. */
export const UNDECIDED: Severity = 'medium';

/** At the start of a line; no other line of a claim starts so, whatever a title or a message says. */
export const CLAIM = '// claim: ';

/** The unit with a claim about it: of a finding that is grave enough for a second look, else null. */
export function claimOf<U extends AskedUnit>(unit: U, finding: LensFinding): (U & AskedUnit) | null {
  if (!atLeast(finding.severity, SECOND_LOOK)) return null;
  const { severity, category, title, message, quote } = finding;
  const line = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const rest = [`title: ${line(title)}`, `says: ${line(message)}`, `line: ${line(quote)}`];
  const text = [`${CLAIM}${severity}, ${category}`, ...rest.map((one) => `// ${one}`), ''].join('\n');
  return withAddition(unit, text, 1);
}
