import { calleeOf, detailOf, enclosing, itemsAround, mentions } from '../place.ts';
import type { Hit, LintFile, SiteChecks } from '../rule.ts';
import { lineEnd } from '../text.ts';
import type { Site, SiteKind } from '../../types/syntax.ts';
import { arguedFor } from './unsafe.ts';

const BINDS: ReadonlySet<SiteKind> = new Set(['let', 'fn', 'closure']);
const NEVER_ZERO =
  /^(?:&|(?:\w+::)*(?:Box|Rc|Arc|Vec|NonNull)<|String\b|NonZero|fn\(|(?:unsafe)?\s*extern|dyn\b)/;
const OF_MAYBE_UNINIT = /\[\s*(?:\w+::)*MaybeUninit\s*</;

function transmute(file: LintFile, site: Site): Hit | null {
  const callee = calleeOf(file, site);
  if (callee.includes('.')) return null;
  const typed = callee.includes('<') && !/<_,|,_>/.test(callee);
  const argued = typed && arguedFor(file.text, site.start, site.end);
  return {
    rule: 'transmute',
    ...range(file, site),
    ...(argued ? { severity: 'low' as const } : {}),
    message: typed
      ? 'The compiler checks sizes here and nothing else: validity, layout and lifetimes are on the author.'
      : 'Both types are inferred: an edit elsewhere changes what is reinterpreted as what, and still compiles.',
    suggestion:
      'Use a cast, `from_bits`, `to_ne_bytes`, `pointer::cast` or a checked conversion; else write both types, `transmute::<A, B>`.',
  };
}

function uninitialized(file: LintFile, site: Site): Hit | null {
  if (!ofMem(file, site)) return null;
  return {
    rule: 'uninit-memory',
    ...range(file, site),
    title: 'mem::uninitialized',
    message: 'Undefined behaviour for almost every type, integers included; deprecated since Rust 1.39.',
    suggestion: 'Use `MaybeUninit<T>` and `assume_init` once every field is written.',
  };
}

/** Zero bytes as a value. C structures and numbers take them; a reference or a box never does, any `T` may be one. */
function zeroed(file: LintFile, site: Site, index: number): Hit | null {
  if (!ofMem(file, site)) return null;
  const type = zeroedType(file, site, index);
  const neverZero = NEVER_ZERO.test(type) || holdsNeverZero(file, type);
  if (!neverZero && (!isParameter(file, site, type) || arguedFor(file.text, site.start, site.end)))
    return null;
  return {
    rule: 'uninit-memory',
    ...range(file, site),
    ...(neverZero ? {} : { severity: 'low' as const }),
    title: 'mem::zeroed',
    message: neverZero
      ? `All-zero bytes are no valid \`${type}\`: this is undefined behaviour at once.`
      : `All-zero bytes are no valid value of many a \`${type}\`: a reference, a box, a \`NonZero\`.`,
    suggestion: 'Use `Default`, or `MaybeUninit::zeroed()` and say in a SAFETY comment why zero is valid.',
  };
}

/** As written at the call or at the `let`; `''` where it is inferred. */
function zeroedType(file: LintFile, site: Site, index: number): string {
  const given = /zeroed::<(.*)>$/.exec(calleeOf(file, site))?.[1];
  return given ?? /:\s*([^=]+?)\s*=/.exec(declaredType(file, index))?.[1]?.replace(/\s+/g, '') ?? '';
}

/** Whether the type is a parameter of the function or of the impl around it. */
function isParameter(file: LintFile, site: Site, type: string): boolean {
  if (!/^[A-Z]\w*$/.test(type)) return false;
  const declared = new RegExp(`\\b(?:fn \\w+|impl|trait \\w+)<(?:[^>(]*[\\s,])?${type}\\s*[,:>]`);
  for (const { kind, signature } of itemsAround(file, site))
    if ((kind === 'fn' || kind === 'impl' || kind === 'trait') && declared.test(signature)) return true;
  return false;
}

/** Whether a structure of this file has a field that is never zero. */
function holdsNeverZero({ items, text }: LintFile, type: string): boolean {
  if (!/^[A-Z]\w*$/.test(type)) return false;
  const item = items.find(({ kind, name }) => kind === 'struct' && name === type);
  if (item === undefined || item.body === null) return false;
  const fields = text.slice(item.body.start, item.body.end).replace(/\/\/[^\n]*|#\[[^\]]*\]/g, '');
  return [...fields.matchAll(/\b\w+\s*:\s*(?!:)/g)].some(({ index, 0: { length } }) =>
    NEVER_ZERO.test(fields.slice(index + length)),
  );
}

function assumeInit(file: LintFile, site: Site, index: number): Hit | null {
  const callee = calleeOf(file, site);
  if (!/\buninit(?:::<.*>)?\(\)\.assume_init$/.test(callee)) return null;
  // `[MaybeUninit<T>; N]` needs no initialization: the documented way to make such an array.
  if (/<\[(?:\w+::)*MaybeUninit</.test(callee) || OF_MAYBE_UNINIT.test(declaredType(file, index)))
    return null;
  const mayBeArray = mentions(file, OF_MAYBE_UNINIT);
  if (mayBeArray && arguedFor(file.text, site.start, site.end)) return null;
  return {
    rule: 'uninit-memory',
    ...range(file, site),
    ...(mayBeArray || arguedFor(file.text, site.start, site.end) ? { severity: 'low' as const } : {}),
    title: 'uninitialized value assumed initialized',
    message:
      'Nothing was written between `uninit()` and `assume_init()`: undefined behaviour unless the type has no bytes.',
    suggestion: 'Write the value first (`MaybeUninit::write`), then call `assume_init`.',
  };
}

/** `v.set_len(n)` where the last thing that happened to `v` is that room was made. */
function setLen(file: LintFile, site: Site): Hit | null {
  const callee = calleeOf(file, site);
  const vector = callee.slice(0, -'.set_len'.length);
  if (!/^(?:self\.)?\w+$/.test(vector) || /^\(\s*0\s*\)$/.test(detailOf(file, site))) return null;
  const before = file.text.slice(Math.max(0, site.start - 800), site.start);
  const last = [...before.matchAll(new RegExp(`(?<![\\w.])${vector.replace('.', '\\.')}\\b`, 'g'))].at(-1);
  if (last === undefined) return null;
  const after = before.slice(last.index + vector.length, last.index + vector.length + 200);
  if (
    !/^(?:\s*:[^=;]{1,80})?\s*=\s*[\w:<>, ]*\bwith_capacity\s*\(|^\.(?:try_)?reserve(?:_exact)?\s*\(/.test(
      after,
    )
  )
    return null;
  return {
    rule: 'uninit-memory',
    ...range(file, site),
    title: 'set_len over uninitialized elements',
    message: `\`${vector}\` gets a length while nothing was written to its elements.`,
    suggestion: 'Write the elements first (`spare_capacity_mut`, `resize`, `extend`), then set the length.',
  };
}

/** `mem::name`, `std::mem::name`, or a bare `name` that the file imports from `mem`. */
export function ofMem(file: LintFile, site: Site): boolean {
  const callee = calleeOf(file, site).replace(/::<.*>$/, '');
  if (callee.endsWith(`mem::${site.name}`)) return true;
  if (callee !== site.name) return false;
  const imported = new RegExp(
    `\\buse\\s[^;]{0,200}\\bmem::(?:${site.name}\\b|\\{[^}]{0,200}\\b${site.name}\\b|\\*)`,
  );
  if (!mentions(file, imported)) return false;
  for (const item of itemsAround(file, site)) if (item.kind === 'fn' && item.name === site.name) return false;
  return true;
}

/** What stands before the value of the `let` around a call: its pattern and type. */
function declaredType({ text, sites }: LintFile, index: number): string {
  const bound = sites[enclosing(sites, index, BINDS)];
  return bound?.kind === 'let' ? text.slice(bound.start, bound.detail) : '';
}

function range({ text }: LintFile, site: Site): { start: number; end: number } {
  return { start: site.start, end: Math.min(site.end, lineEnd(text, site.start)) };
}

export const memoryChecks: SiteChecks = {
  calls: {
    transmute,
    transmute_copy: transmute,
    uninitialized,
    zeroed,
    assume_init: assumeInit,
    set_len: setLen,
  },
};
