import { isLookedAt, namesIn } from '../bounds.ts';
import {
  calleeOf,
  detailOf,
  enclosing,
  firstLine,
  functionAround,
  functionBefore,
  functionText,
  mentions,
} from '../place.ts';
import type { LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { commentBeside, commentsAbove, lineEnd, splitAtCommas } from '../text.ts';
import type { Site, SiteKind } from '../../types.ts';
import { arguedFor } from './unsafe.ts';

const UNSAFE: ReadonlySet<SiteKind> = new Set(['unsafe-block']);
const POINTER = /(?:ptr\w*|as_(?:mut_)?ptr\(\)|\.cast(?:::<.*>)?\(\)|as\*(?:const|mut)[^.]*\)?)\.\w+$/;

/** `ptr.add(n)` where the function looks nowhere at `n`. */
const arithmetic: SiteCheck = (file, site, index) => {
  if (!POINTER.test(calleeOf(file, site))) return null;
  const names = namesIn(detailOf(file, site));
  if (names.length === 0 || isOnItsContract(file, site) || isArgued(file, site, index)) return null;
  const code = functionText(file, site);
  if (code === '' || names.some((name) => isLookedAt(code, name))) return null;
  return {
    rule: 'pointer-arithmetic',
    ...firstLine(file, site),
    title: `pointer moved by an unchecked \`${names[0] ?? ''}\``,
    message: `Nothing in this function compares \`${names.join('`, `')}\` with the size of what the pointer points into.`,
    suggestion: 'Assert the bound before, index a slice instead, or say in a SAFETY comment what keeps it.',
  };
};

/** `slice::from_raw_parts(ptr, len)` where neither is looked at. */
const rawParts: SiteCheck = (file, site, index) => {
  const callee = calleeOf(file, site).replace(/::<.*>$/, '');
  const ofSlice = callee.endsWith(`slice::${site.name}`) || callee === site.name;
  if (!ofSlice || (callee === site.name && !mentions(file, /\bslice::/))) return null;
  const [pointer = '', length = ''] = splitAtCommas(detailOf(file, site).slice(1, -1));
  if (isOfOwnLength(pointer, length)) return null;
  if (isOnItsContract(file, site) || isArgued(file, site, index)) return null;
  const code = functionBefore(file, site);
  const names = [...namesIn(pointer), ...namesIn(length)];
  if (names.length === 0 || names.some((name) => isLookedAt(code, name))) return null;
  return {
    rule: 'raw-parts-unchecked',
    ...firstLine(file, site),
    message:
      'Neither pointer nor length is looked at here: one that is null, dangling or too long is undefined behaviour, also for a length of 0.',
    suggestion: 'Check for null and bound the length before, or say in a SAFETY comment who did.',
  };
};

/** A slice of as many elements as the type or another slice has. */
function isOfOwnLength(pointer: string, length: string): boolean {
  if (/^\d+$|\bsize_of|\b[A-Z][A-Z0-9_]+\b|\bLEN\b/.test(length)) return true;
  const owner =
    /^([\w.]+?)\.as_(?:mut_)?ptr\(\)/.exec(pointer)?.[1] ?? /^([\w.]+)\.len\(\)/.exec(length)?.[1];
  return owner !== undefined && pointer.includes(owner) && length.includes(owner);
}

/** `get_unchecked` and its like where no comment says why. */
const unchecked: SiteCheck = (file, site, index) => {
  const callee = calleeOf(file, site);
  if (callee === site.name && site.name.startsWith('get_')) return null;
  if (isOnItsContract(file, site) || isArgued(file, site, index)) return null;
  const code = functionText(file, site);
  if (namesIn(detailOf(file, site)).some((name) => isLookedAt(code, name))) return null;
  return {
    rule: 'unchecked-access',
    ...firstLine(file, site),
    title: `${site.name} without a reason`,
    message: 'The check is left out, and nothing in this function says or shows what makes it unnecessary.',
    suggestion: 'Use the checked form, assert the condition before, or argue for it in a SAFETY comment.',
  };
};

/** In an unsafe function the bound may be the caller's to keep. */
function isOnItsContract(file: LintFile, site: Site): boolean {
  return functionAround(file, site)?.unsafe === true;
}

/** Whether a comment argues for the call or for the `unsafe` block around it. */
function isArgued(file: LintFile, site: Site, index: number): boolean {
  const { text, sites } = file;
  const beside = commentsAbove(text, site.start) + commentBeside(text, lineEnd(text, site.start) - 1);
  if (beside !== '' || arguedFor(text, site.start, site.end)) return true;
  const block = sites[enclosing(sites, index, UNSAFE)];
  if (block === undefined) return false;
  const inside = text.slice(block.start, Math.min(site.start, block.start + 2_000));
  return (
    /\/\/|\/\*/.test(inside) || arguedFor(text, block.start, Math.min(block.end, lineEnd(text, block.start)))
  );
}

export const pointerChecks: SiteChecks = {
  calls: {
    add: arithmetic,
    sub: arithmetic,
    offset: arithmetic,
    byte_add: arithmetic,
    byte_sub: arithmetic,
    byte_offset: arithmetic,
    from_raw_parts: rawParts,
    from_raw_parts_mut: rawParts,
    get_unchecked: unchecked,
    get_unchecked_mut: unchecked,
    unwrap_unchecked: unchecked,
    unreachable_unchecked: unchecked,
    from_utf8_unchecked: unchecked,
  },
};
