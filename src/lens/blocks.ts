import type { Item } from '../types/syntax.ts';

/** The block around a member: what is shown of it, and the names by which its members are called. */
export interface Block {
  /** With attributes and bounds: what the block's own members are shown. */
  readonly header: string;
  /** Without them: what others see of it; members of blocks that read the same stand together. */
  readonly short: string;
  /** By what name its members are called: `Pool` for `impl<T> Drop for Pool<T>`, a trait's own for a trait; `''` for none. */
  readonly owner: string;
  /** What `self` stands for in it: `Pool` and `Drop`. */
  readonly self: readonly string[];
}

const MAX_HEADER = 600;

/** The header of an `impl`, `trait` or `extern` block with its attributes; null for any other item. */
export function blockOf(item: Item): Block | null {
  if (item.kind !== 'impl' && item.kind !== 'trait' && item.kind !== 'extern') return null;
  const attributes = item.attributes.filter((attribute) => !attribute.startsWith('#[doc'));
  const signature = withoutVisibility(item);
  const header = [...attributes, signature].join(' ').slice(0, MAX_HEADER);
  const short = withoutBounds(signature).slice(0, MAX_HEADER);
  const self = item.kind === 'trait' ? [item.name] : item.kind === 'impl' ? implNames(signature) : [];
  return { header, short, owner: self.length === 0 ? '' : (self[0] as string), self };
}

function withoutBounds(signature: string): string {
  return signature.includes('where') ? signature.replace(/\bwhere\b.*$/s, '').trimEnd() : signature.trimEnd();
}

/** A signature says the same to whoever calls it, whoever else may. */
export function withoutVisibility({ signature, visibility }: Item): string {
  if (visibility === '' || !signature.startsWith(visibility)) return signature;
  return signature.slice(visibility.length).trimStart();
}

/** Base names of the type and then the trait in the head of an `impl`; empty where there are none. */
function implNames(signature: string): string[] {
  const flat = signature.includes('<') ? withoutGenerics(signature) : signature;
  const head = /\bimpl\b(.*?)(?:\bwhere\b.*)?$/s.exec(flat)?.[1] ?? '';
  const names: string[] = [];
  for (const part of head.split(/\bfor\s/)) {
    const name = part.match(/(?<!')\b[\p{L}_][\p{L}\p{N}_]*/gu)?.at(-1);
    if (name !== undefined) names.push(name);
  }
  return names.reverse();
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
