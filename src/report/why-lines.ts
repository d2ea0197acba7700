import { counted } from '../util/numbers.ts';
import { printable } from '../util/printable.ts';
import type { FactorDifference, MissingItem, WhyMissing } from './plan-model.ts';

/** One line, for people: `the model asked for: grok-4.3 → grok-4.6`. */
export function whyText(why: WhyMissing): string {
  switch (why.kind) {
    case 'new':
      return 'never asked before';
    case 'factors':
      return tellingOnes(why.differs).map(differenceText).join('; ');
    case 'cited':
      return 'its answer leans on another item of the file that has changed or gone';
    case 'failed':
      return why.status === 'truncated'
        ? 'its answer was cut, even alone (--retry-failed asks again)'
        : 'its answer was of no use (--retry-failed asks again)';
    case 'unusable':
      return 'an answer is stored under this key, but it is damaged or was bought for another repository alone (--untrusted)';
    default:
      return why satisfies never;
  }
}

/** What a provider makes of a model's name goes without saying where the name itself is another. */
function tellingOnes(differs: readonly FactorDifference[]): readonly FactorDifference[] {
  const named = differs.some(({ factor }) => factor === 'model' || factor === 'providerUrl');
  return named ? differs.filter(({ factor }) => factor !== 'resolvedModel') : differs;
}

function differenceText({ label, before, after }: FactorDifference): string {
  return `${label}: ${before === null ? 'changed' : shown(before)} → ${shown(after)}`;
}

function shown(value: string): string {
  return value === '' ? '(none)' : printable(value);
}

const LISTED = 100;

/** Of a plan's missing items those that were never asked are counted, and the others listed with what differs. */
export function whyLines(missing: readonly MissingItem[]): string[] {
  if (missing.length === 0) return [];
  const known = missing.filter(({ why }) => why.kind !== 'new');
  const lines = known.slice(0, LISTED).map(({ path, item, kind, question, why }) => {
    const asked = question === 'review' ? '' : `${question}  `;
    return `  ${printable(path)}  ${printable(item === '' ? kind : item)}  ${asked}${whyText(why)}`;
  });
  const more = known.length > LISTED ? [`  and ${counted(known.length - LISTED, 'item')} more (--json)`] : [];
  const fresh = missing.length - known.length;
  const never = fresh === 0 ? [] : [`  ${counted(fresh, 'item')} never asked before`];
  return ['Why missing', ...lines, ...more, ...never];
}
