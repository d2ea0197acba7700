import type { FileCheck, Hit, LintFile } from '../rule.ts';
import { splitAtCommas } from '../text.ts';
import type { Item } from '../../types/syntax.ts';
import { THREADS, argues, commentsOf } from './unsafe.ts';

const HEAD = /^unsafe\s+impl\s*(<.*>)?\s*(?:\w+::)*(Send|Sync)\s+for\s+(?:\w+::)*(\w+)(.*)$/;

/** `unsafe impl<T> Send for X<T>`: without a bound on T, X hands any T to other threads. */
export const sendSyncHits: FileCheck = (file) =>
  file.items.flatMap((item) => (item.kind === 'impl' && item.unsafe ? hits(file, item) : []));

function hits(file: LintFile, item: Item): Hit[] {
  const match = HEAD.exec(item.signature);
  if (match === null) return [];
  const [, generics = '', trait = '', type = '', rest = ''] = match;
  const unbounded = unboundedParameter(generics, rest);
  if (unbounded === null || !holds(file, type, rest, unbounded)) return [];
  const comments = commentsOf(file, item);
  if (argues(comments) || THREADS.test(comments)) return [];
  return [
    {
      start: item.head,
      end: item.body?.start ?? item.end,
      rule: 'manual-send-sync',
      title: `unsafe impl ${trait} without a bound on ${unbounded}`,
      message: `Any \`${unbounded}\` crosses threads through this type, also one that is not ${trait === 'Send' ? '`Send`' : '`Sync`'} itself (an \`Rc\`, a \`Cell\`).`,
      suggestion: `Bound the parameter (\`${unbounded}: Send\`, or \`Sync\` as the type shares or moves it).`,
    },
  ];
}

/** The first type parameter that the target uses and that no bound in the head mentions. */
function unboundedParameter(generics: string, rest: string): string | null {
  const list = generics.trim().replace(/^</, '').replace(/>$/, '');
  for (const parameter of splitAtCommas(list)) {
    const match = /^(?:#\[[^\]]*\]\s*)?([A-Z]\w*)\s*(?::\s*(.*))?$/s.exec(parameter.trim());
    if (match === null) continue;
    const [, name = '', bounds = ''] = match;
    const where = new RegExp(`\\b${name}(?:::\\w+)?\\)?\\s*:\\s*[^,]*[A-Za-z]`).test(rest);
    const bounded = /[A-Za-z]/.test(bounds.replace(/\?Sized|'\w+/g, ''));
    if (!bounded && !where && new RegExp(`\\b${name}\\b`).test(rest)) return name;
  }
  return null;
}

/**
 * Whether a type of this file has a field that is the parameter, or holds, borrows or points to one. A parameter that
 * is a mere name (`PhantomData<T>`) crosses no threads, a type inside another has bounds of its own, a type that
 * knows its thread checks it, and one with unsafe methods has a contract.
 */
function holds({ items, text }: LintFile, type: string, rest: string, parameter: string): boolean {
  const item = items.find(
    ({ kind, name }) => name === type && (kind === 'struct' || kind === 'enum' || kind === 'union'),
  );
  if (
    item === undefined ||
    items.some(({ kind, path, unsafe }) => kind === 'fn' && unsafe && path.startsWith(`${type}::`))
  )
    return false;
  const written = text.slice(item.head, item.end).replace(/\/\/[^\n]*|^pub(?:\([^)]*\))?/g, '');
  const fields = written.slice(Math.max(0, written.search(/[{(]/)));
  const name = nameInside(written, rest, parameter);
  if (name === null || /thread/i.test(fields)) return false;
  const before = String.raw`[:({,]\s*(?:pub(?:\([^)]*\))?\s+)?`;
  const borrowed = String.raw`(?:&(?:'\w+\s+)?(?:mut\s+)?)?`;
  return new RegExp(
    `${before}(?:(?:${borrowed}|\\*(?:mut|const)\\s+)${name}\\s*[,)}]|${HOLDER}(?:${HOLDER})*${borrowed}${name}>)`,
  ).test(fields);
}

const HOLDER = String.raw`(?:\w+::)*(?:Option|Box|Vec|NonNull|UnsafeCell|Cell|RefCell|OnceCell|ManuallyDrop|MaybeUninit)<`;

/** What the type itself calls the parameter that an impl of it names `parameter`. */
function nameInside(head: string, rest: string, parameter: string): string | null {
  const given = splitAtCommas(/^<(.*?)>(?:\s*where\b|\s*$)/s.exec(rest)?.[1] ?? '');
  const declared = splitAtCommas(/^[^<({]*<((?:[^<>]|<[^<>]*>)*)>/.exec(head)?.[1] ?? '');
  const at = given.findIndex((argument) => argument === parameter);
  const name = declared[at]?.replace(/[:=].*$/s, '').trim();
  return name === undefined || !/^[A-Z]\w*$/.test(name) ? null : name;
}
