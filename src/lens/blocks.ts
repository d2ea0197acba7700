import type { Item } from '../types.ts';

/** The block around a member: what is shown of it, and the names by which its members are called. */
export interface Block {
  readonly header: string;
  /** `Pool`, `Drop` for `impl<T> Drop for Pool<T>`; the trait's own name for a trait. */
  readonly owners: readonly string[];
}

const MAX_HEADER = 600;

/** The header of an `impl`, `trait` or `extern` block with its attributes; null for any other item. */
export function blockOf(item: Item): Block | null {
  if (item.kind !== 'impl' && item.kind !== 'trait' && item.kind !== 'extern') return null;
  const attributes = item.attributes.filter((attribute) => !attribute.startsWith('#[doc'));
  const header = [...attributes, withoutVisibility(item)].join(' ').slice(0, MAX_HEADER);
  if (item.kind === 'trait') return { header, owners: [item.name] };
  return { header, owners: item.kind === 'impl' ? implOwners(item.signature) : [] };
}

/** A signature says the same to whoever calls it, whoever else may. */
export function withoutVisibility({ signature, visibility }: Item): string {
  if (visibility === '' || !signature.startsWith(visibility)) return signature;
  return signature.slice(visibility.length).trimStart();
}

/** Base names of the type and the trait in the head of an `impl`; empty where there are none. */
export function implOwners(signature: string): string[] {
  const flat = withoutGenerics(signature);
  const head = /\bimpl\b(.*?)(?:\bwhere\b.*)?$/s.exec(flat)?.[1] ?? '';
  return head
    .split(/\bfor\s/)
    .map((part) => part.match(/(?<!')\b[\p{L}_][\p{L}\p{N}_]*/gu)?.at(-1))
    .filter((name) => name !== undefined);
}

/** Without what stands between angle brackets; `->` and `=>` close nothing. */
function withoutGenerics(signature: string): string {
  let depth = 0;
  let kept = '';
  for (let at = 0; at < signature.length; at += 1) {
    const character = signature[at] as string;
    if (character === '<') depth += 1;
    if (depth === 0) kept += character;
    else if (character === '>' && !'-='.includes(signature[at - 1] as string)) depth -= 1;
  }
  return kept;
}
