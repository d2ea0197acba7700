import type { FileCheck, Hit } from '../rule.ts';

/** Errors this close together are one region. */
const REGION = 200;

/** One finding for each region that could not be read. */
export const syntaxHits: FileCheck = ({ syntax, text }) => {
  const hits: Hit[] = [];
  let end = -1;
  for (const { kind, start, end: to, message } of syntax.diagnostics) {
    if (kind !== 'syntax-error' && kind !== 'missing-token') continue;
    const near = end !== -1 && start - end < REGION;
    end = Math.max(end, to);
    if (near) continue;
    const line = text.indexOf('\n', start);
    hits.push({
      rule: 'syntax-error',
      start,
      end: Math.max(start, Math.min(to, line === -1 ? text.length : line)),
      message: `${message.charAt(0).toUpperCase()}${message.slice(1)}${message.endsWith('.') ? '' : '.'} What stands here was not analysed.`,
      suggestion:
        'If the compiler accepts the file, its syntax is newer or rarer than the grammar; else mend it.',
    });
  }
  return hits;
};
