import type { AskedUnit } from '../types/unit.ts';
import { sha256 } from '../util/hash.ts';

/**
 * The unit with more shown beside it, behind what was added before; what is shown is part of its context's digest, and
 * so of its key.
 */
export function withAddition<U extends AskedUnit>(unit: U, more: string, answers: number): U & AskedUnit {
  const base = unit.addition?.base ?? unit.context;
  const text = (unit.addition?.text ?? '') + more;
  return {
    ...unit,
    context: sha256(`${base}\n${text}`),
    bytes: unit.bytes + Buffer.byteLength(more),
    addition: { base, text, answers },
  };
}
