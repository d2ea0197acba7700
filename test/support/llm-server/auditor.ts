/** Each item of a message with the context before it. */
function itemsWithContext(message: string) {
  const items = /(?:<context>\n([\s\S]*?)<\/context>\n)?<item id="(\d+)">\n([\s\S]*?)\n?<\/item>/g;
  return [...message.matchAll(items)].map(([, context = '', id, text = '']) => ({
    context,
    id: Number(id),
    text,
  }));
}

/**
 * The answer to a request of the lens `safety`: what asks for alignment is not kept, what asks for validity is, of all
 * else nothing can be told. The quote is the first line with the word `unsafe`.
 */
export function safetyAnswer(message: string): string {
  const items = itemsWithContext(message).map(({ id, context, text }) => {
    const quote =
      text
        .split('\n')
        .find((line) => line.includes('unsafe'))
        ?.trim() ?? '';
    const verdicts = [...context.matchAll(/^\[(\d+)\] (.*)$/gm)].map(([, number, clause = '']) => ({
      requirement: Number(number),
      verdict: /aligned/.test(clause)
        ? 'not discharged'
        : /valid/.test(clause)
          ? 'discharged'
          : 'cannot tell',
      quote,
      reason: 'Any pointer comes in here.',
    }));
    return { id, verdicts };
  });
  return JSON.stringify({ items });
}
