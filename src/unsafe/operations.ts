import type { Range } from '../types/source.ts';
import type { Site } from '../types/syntax.ts';
import { listOf, typeName } from './declared.ts';
import type { Call } from './site.ts';

const ASM = new Set(['asm', 'global_asm', 'naked_asm', 'llvm_asm']);
const CALLEE = 400;
const ARGUMENTS = 2_000;
const SHOWN = 80;

/** A call site as a name that can be looked up; null where what is called has none. */
export function callOf(text: string, site: Site): Call | null {
  if (site.name === '') return null;
  const callee = text.slice(Math.max(site.start, site.detail - CALLEE), site.detail).replace(/\s+/g, '');
  const bare = withoutTurbofish(callee);
  const before = bare.slice(0, bare.length - site.name.length);
  // In a macro's tokens a method's receiver is no part of the site.
  const method = before.endsWith('.') || (before === '' && text[site.start - 1] === '.');
  const qualifier = before.endsWith('::')
    ? (/([\p{L}_][\p{L}\p{N}_]*)(?:<.*>)?(?:as.*>)?::$/u.exec(before)?.[1] ?? qualifiedSelf(before))
    : '';
  const written = listOf(text.slice(site.detail, Math.min(site.end, site.detail + ARGUMENTS)));
  return { name: site.name, qualifier, method, arguments: written.length };
}

/** `T` of `<T as Trait>::`, `pointer` of `<*const T>::`. */
function qualifiedSelf(before: string): string {
  return typeName(/<(.*)>::$/.exec(before)?.[1] ?? '');
}

/** `a::b::<T>` without its last generic arguments. */
function withoutTurbofish(callee: string): string {
  if (!callee.endsWith('>')) return callee;
  const open = callee.lastIndexOf('::<');
  if (open === -1) return callee;
  let depth = 0;
  for (let at = callee.length - 1; at > 0; at -= 1) {
    if (callee[at] === '>' && !'-='.includes(callee[at - 1] as string)) depth += 1;
    else if (callee[at] === '<') depth -= 1;
    if (depth === 0) return callee.slice(0, callee.startsWith('::', at - 2) ? at - 2 : at);
  }
  return callee;
}

export function isAsm(site: Site): boolean {
  return site.kind === 'macro' && ASM.has(site.name);
}

/** Methods whose value is a raw pointer. */
const GIVES_POINTER =
  /\.(?:as_ptr|as_mut_ptr|add|sub|offset|wrapping_add|wrapping_sub|wrapping_offset|byte_add|byte_sub|byte_offset|cast|cast_mut|cast_const|into_raw|get|data_ptr|raw_get)(?:::<[^()]*>)?\([^]*\)$/;

/**
 * Whether what is dereferenced is a raw pointer by the text alone: a cast to one, a method that gives one, a name
 * that the function declares as one. False: a pointer or a reference, types are not known here.
 */
export function isRawPointer(operand: string, owner: string): boolean {
  const bare = operand.replace(/^\((.*)\)$/s, '$1').trim();
  if (/\bas\s+\*(?:const|mut)\b/.test(bare) || GIVES_POINTER.test(bare)) return true;
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(bare)) return false;
  return new RegExp(`(?<![\\p{L}\\p{N}_])${bare}\\s*:\\s*\\*(?:const|mut)\\b`, 'u').test(owner);
}

/** Upper-case names and fields in a range, each once: what may be a `static mut` or of a union. */
export function wordsIn(
  masked: string,
  { start, end }: Range,
): { readonly kind: 'name' | 'field'; readonly name: string; readonly at: number }[] {
  const found = new Map<string, { kind: 'name' | 'field'; name: string; at: number }>();
  const words = /(\.\s*)?(?<![\p{L}\p{N}_])([\p{L}_][\p{L}\p{N}_]*)(?!\s*(?:[(!]|::))/gu;
  for (const match of masked.slice(start, end).matchAll(words)) {
    const [, dot, name = ''] = match;
    const kind = dot === undefined ? 'name' : 'field';
    if (kind === 'name' && !/^[\p{Lu}_][\p{Lu}\p{N}_]*$/u.test(name)) continue;
    const key = `${kind} ${name}`;
    if (!found.has(key)) found.set(key, { kind, name, at: start + match.index });
  }
  return [...found.values()];
}

/** Code on one line, as far as it tells something. */
export function shown(code: string): string {
  const line = code
    .slice(0, SHOWN * 4)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= SHOWN ? line : `${line.slice(0, SHOWN - 1)}…`;
}
