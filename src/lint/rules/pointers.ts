import { isLookedAt, namesIn, parametersOf } from '../bounds.ts';
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
import type { Site, SiteKind } from '../../types/syntax.ts';
import { arguedFor } from './unsafe.ts';

const UNSAFE: ReadonlySet<SiteKind> = new Set(['unsafe-block']);
const POINTER = /(?:ptr\w*|as_(?:mut_)?ptr\(\)|\.cast(?:::<.*>)?\(\)|as\*(?:const|mut)[^.]*\)?)\.\w+$/;

/** `ptr.add(n)` where the function looks nowhere at `n`. */
const arithmetic: SiteCheck = (file, site, index) => {
  if (!POINTER.test(calleeOf(file, site))) return null;
  const around = functionAround(file, site);
  const given = around?.visibility === 'pub' ? parametersOf(around.signature, /^[iu]\w+$/) : [];
  const names = namesIn(detailOf(file, site)).filter((name) => given.includes(name));
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
  if (isArgued(file, site, index) || !isForeign(file, site, namesIn(pointer))) return null;
  const code = functionBefore(file, site);
  if ([...namesIn(pointer), ...namesIn(length)].some((name) => isLookedAt(code, name))) return null;
  if (isMeasured(code, namesIn(pointer), namesIn(length))) return null;
  return {
    rule: 'raw-parts-unchecked',
    ...firstLine(file, site),
    message:
      'Neither pointer nor length is looked at here: one that is null, dangling or too long is undefined behaviour, also for a length of 0.',
    suggestion: 'Check for null and bound the length before, or say in a SAFETY comment who did.',
  };
};

/** Whether a caller gives the pointer, or C wrote it: then it may be null where there is nothing. */
function isForeign(file: LintFile, site: Site, names: readonly string[]): boolean {
  const around = functionAround(file, site);
  if (around === undefined || (around.unsafe && !/\bextern\b/.test(around.signature))) return false;
  if (/# safety/i.test(around.doc)) return false;
  const given = parametersOf(around.signature, /^\*(?:const|mut)\b/);
  const code = functionBefore(file, site);
  return names.some(
    (name) =>
      given.includes(name) ||
      new RegExp(`\\blet\\s+mut\\s+${name}\\b[^;]{0,40}=\\s*[\\w:]*\\bnull(?:_mut)?\\(`).test(code),
  );
}

/** A slice of as many elements as the type or another slice has. */
function isOfOwnLength(pointer: string, length: string): boolean {
  if (/^\d+$|\bsize_of|\b[A-Z][A-Z0-9_]+\b|\bLEN\b/.test(length)) return true;
  const owner =
    /^([\w.]+?)\.as_(?:mut_)?ptr\(\)/.exec(pointer)?.[1] ?? /^([\w.]+)\.len\(\)/.exec(length)?.[1];
  return owner !== undefined && pointer.includes(owner) && length.includes(owner);
}

/** `let len = strlen(pointer)`: whoever counted has read it. */
function isMeasured(code: string, pointers: readonly string[], lengths: readonly string[]): boolean {
  return lengths.some((length) =>
    pointers.some((pointer) =>
      new RegExp(`\\blet\\s+${length}\\b[^=;]{0,20}=[^;]{0,60}\\(\\s*${pointer}\\s*\\)`).test(code),
    ),
  );
}

/** Of a function so much is searched for a type that has no value. */
const HEAD = 1_000;

/** `get_unchecked` and its like where no comment says why. */
const unchecked: SiteCheck = (file, site, index) => {
  const callee = calleeOf(file, site);
  const args = splitAtCommas(detailOf(file, site).slice(1, -1));
  // `Pin::get_unchecked_mut` looks nothing up; a second argument is a reason.
  if (site.name.startsWith('get_') && (callee === site.name || args.length === 0)) return null;
  if (args.length > 1 || /\bInfallible\b|:\s*!/.test(functionText(file, site).slice(0, HEAD))) return null;
  if (isOnItsContract(file, site) || isArgued(file, site, index)) return null;
  const code = functionText(file, site) || macroText(file, site);
  const owner = callee.slice(0, -site.name.length - 1);
  const names = [...namesIn(args.join()), ...pathsIn(args.join()), ...pathsIn(owner)];
  if (names.some((name) => isLookedAt(code, name) || comesFromLook(code, name))) return null;
  return {
    rule: 'unchecked-access',
    ...firstLine(file, site),
    title: `${site.name} without a reason`,
    message: 'The check is left out, and nothing in this function says or shows what makes it unnecessary.',
    suggestion: 'Use the checked form, assert the condition before, or argue for it in a SAFETY comment.',
  };
};

/** `self.index`, `list.head` and what they stand in, but not `self` alone. */
function pathsIn(expression: string): string[] {
  return (expression.match(/(?<![\w.])[a-z_]\w*(?:\.[a-z_]\w*)*(?![\w(!]|::)/g) ?? []).flatMap((path) => {
    const parts = path.split('.');
    return parts.map((_, at) => parts.slice(0, at + 1).join('.')).filter((part) => part !== 'self');
  });
}

const SEARCH = String.raw`(?:search|lookup|find|position|index_of)\w*`;

/** Whether a name is computed of a value that is looked at, or bound to what a search found. */
function comesFromLook(code: string, name: string): boolean {
  if (!/^\w+$/.test(name)) return false;
  if (code.includes(`${name}.push(`)) return true;
  if (new RegExp(`${SEARCH}\\([^;]{0,200}\\b(?:Ok|Some)\\(${name}\\)\\s*(?:=>|=)`).test(code)) return true;
  const from = new RegExp(`\\blet\\s+[^=;]{0,40}\\b${name}\\b[^=;]{0,40}=([^;]{1,200});`).exec(code)?.[1];
  return from !== undefined && namesIn(from).some((other) => other !== name && isLookedAt(code, other));
}

/** A macro's own code before the site, where no function stands around it. */
function macroText({ text, items }: LintFile, site: Site): string {
  const item = items[site.item];
  return item?.kind === 'macro' ? text.slice(Math.max(item.head, site.start - 1_500), site.start) : '';
}

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
    /\/\/|\/\*/.test(inside) ||
    commentsAbove(text, block.start) !== '' ||
    arguedFor(text, block.start, Math.min(block.end, lineEnd(text, block.start)))
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
