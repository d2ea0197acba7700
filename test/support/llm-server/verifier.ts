import { itemsOf } from './reviewer.ts';

/** The answer to a request of the lens `verify`: the item says itself what becomes of claims about it. */
export function verifyAnswer(message: string): string {
  const items = itemsOf(message).map(({ id, text }) => {
    const line =
      text.split('\n').find((each) => /refute_me|unsure_me/.test(each)) ?? text.split('\n')[0] ?? '';
    const verdict = line.includes('refute_me')
      ? 'refuted'
      : line.includes('unsure_me')
        ? 'undecided'
        : 'upheld';
    return { id, verdict, quote: line.trim(), reason: 'The line before it decides.' };
  });
  return JSON.stringify({ items });
}
