import { isToBeRefused } from '../part.ts';
import { itemAt } from '../place.ts';
import type { FileCheck, Hit } from '../rule.ts';
import type { Item } from '../../types/syntax.ts';

/** Errors this close together are one region. */
const REGION = 200;

/** One finding for each region that could not be read. */
export const syntaxHits: FileCheck = ({ path, syntax, text, items }) => {
  if (isToBeRefused(path) || /^\s*"[^"]*"\s*$/.test(text)) return [];
  const hits: Hit[] = [];
  let inside: Item | undefined;
  let end = -1;
  for (const { kind, start, end: to, message } of syntax.diagnostics) {
    if (kind !== 'syntax-error' && kind !== 'missing-token') continue;
    const item = itemAt(items, start);
    // An error is often followed by others up to the end of its function.
    const near = (end !== -1 && start - end < REGION) || (item?.kind === 'fn' && item === inside);
    end = Math.max(end, to);
    inside = item;
    if (near || (hits.length > 0 && /^[\s})\];,]*$/.test(text.slice(start, to)))) continue;
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
