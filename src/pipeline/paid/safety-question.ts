import { shortHash } from '../../cache/key.ts';
import { withAddition } from '../../lens/addition.ts';
import { MAX_REQUIREMENTS, requirementsText } from '../../lens/requirements.ts';
import type { RequiredPlace } from '../../lens/requirements.ts';
import { safetyLens } from '../../lens/safety.ts';
import type { LensQuestion } from '../question.ts';
import { sendsFile } from '../question.ts';
import type { Requirements } from '../unsafe/requirements.ts';
import type { Asker } from './questions.ts';
import { commonOf, unitsToSend } from './questions.ts';

/** Whether the unsafe code of each unit keeps what is required of it; units without such code are not asked about. */
export function safetyQuestion(asker: Asker, requirements: Requirements): LensQuestion {
  const common = commonOf(asker, safetyLens());
  const { includeTests } = common;
  return {
    ...common,
    asks: async (row, facts) => {
      const own = requirements.get(row.path);
      if (own === undefined) return [];
      return unitsToSend(row, facts, includeTests).flatMap((unit) => {
        const places = own.get(unit.start) ?? [];
        const text = requirementsText(places);
        return text === '' ? [] : [withAddition(unit, text, countOf(places))];
      });
    },
    count: ({ path, role, generated }) =>
      sendsFile(role, generated, includeTests) ? (requirements.get(path)?.size ?? 0) : 0,
    // Contracts stand in other files than what they bind: where one changes, all files are looked at again.
    digest: shortHash(
      [...requirements].map(([path, units]) => [path, ...[...units.values()].map(requirementsText)]),
    ),
  };
}

function countOf(places: readonly RequiredPlace[]): number {
  const all = places.reduce((sum, { requirements }) => sum + requirements.length, 0);
  return Math.min(MAX_REQUIREMENTS, all);
}
