import { UserError } from '../../errors.ts';
import type { Located } from '../../report/select.ts';

/** So many digits of an id are the least that name a finding. */
const SHORTEST = 4;

/** The findings that ids name, each by its first digits, each once. Throws UserError where one names none or several. */
export function findingsNamed(all: readonly Located[], ids: readonly string[]): Located[] {
  return [...new Set(ids.map((id) => findingNamed(all, id)))];
}

function findingNamed(all: readonly Located[], given: string): Located {
  const id = given.toLowerCase();
  if (!/^[0-9a-f]+$/.test(id) || id.length < SHORTEST) {
    const message = `"${given}" is no id of a finding`;
    throw new UserError(
      'usage',
      message,
      `At least its first ${SHORTEST} digits: rustassistant findings list`,
    );
  }
  const [found, other] = all.filter(({ finding }) => finding.id.startsWith(id));
  if (found === undefined) {
    const hint = 'Those there are: rustassistant findings list --severity info';
    throw new UserError('unknown-finding', `no finding here has the id ${given}`, hint);
  }
  if (other === undefined) return found;
  const message = `the ids of several findings begin with ${given}`;
  throw new UserError(
    'ambiguous-finding',
    message,
    `Give more digits: ${found.finding.id}, ${other.finding.id}`,
  );
}
