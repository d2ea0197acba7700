import type { Range } from '../types/source.ts';
import type { Item, Site, SiteKind } from '../types/syntax.ts';
import { itemOf, parentOf } from '../util/items.ts';
import type { LintFile } from './rule.ts';
import { lineEnd, lineStart } from './text.ts';

/** The innermost item that holds an offset, or undefined between items. Items come in document order. */
export function itemAt(items: readonly Item[], offset: number): Item | undefined {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle] as Item).start <= offset) low = middle + 1;
    else high = middle;
  }
  let item = itemOf(items, low - 1);
  while (item !== undefined && item.end <= offset) item = parentOf(items, item);
  return item;
}

/** Path of the innermost named item around an offset, `''` where there is none. */
export function itemPath(items: readonly Item[], offset: number): string {
  let item = itemAt(items, offset);
  while (item !== undefined && item.name === '') item = parentOf(items, item);
  return item === undefined ? '' : item.path;
}

/** The item of a site and those around it, innermost first. */
export function* itemsAround({ items }: LintFile, site: Site): Generator<Item> {
  for (let item = itemOf(items, site.item); item !== undefined; item = parentOf(items, item)) yield item;
}

/** The innermost function that holds a site, or undefined outside of functions. */
export function functionAround({ items }: LintFile, site: Site): Item | undefined {
  let item = itemOf(items, site.item);
  while (item !== undefined && item.kind !== 'fn') item = parentOf(items, item);
  return item;
}

/** Of a long function so much is read: its head, and what stands this near before and after a place. */
const HEAD = 400;
const NEAR = 3_000;

/** The head of the function around a site and what stands before the site in it; `''` outside of functions. */
export function functionBefore(file: LintFile, site: Site): string {
  const around = functionAround(file, site);
  if (around === undefined) return '';
  const from = Math.max(around.head, site.start - NEAR);
  const head = from === around.head ? '' : file.text.slice(around.head, Math.min(from, around.head + HEAD));
  return head + file.text.slice(from, site.start);
}

/** As `functionBefore`, with what stands in the site and after it too. */
export function functionText(file: LintFile, site: Site): string {
  const around = functionAround(file, site);
  if (around === undefined) return '';
  return functionBefore(file, site) + file.text.slice(site.start, Math.min(around.end, site.start + NEAR));
}

/** The part of a site that stands on its first line. */
export function firstLine({ text }: LintFile, { start, end }: Range): Range {
  return { start, end: Math.min(end, lineEnd(text, start)) };
}

const QUOTES = /^(?:quote|parse_quote|quote_spanned)\w*$/;

/** Whether a site stands in the definition of a macro or in `quote!`, whose code runs in the crate that calls it. */
export function inMacroDefinition(file: LintFile, site: Site): boolean {
  for (let at = site.parent; at !== -1; at = (file.sites[at] as Site).parent) {
    const { kind, name } = file.sites[at] as Site;
    if (kind === 'macro' && QUOTES.test(name)) return true;
  }
  for (const item of itemsAround(file, site))
    if (item.kind === 'macro' && /^(?:pub\S* )?macro(?:_rules!)? /.test(item.signature)) return true;
  return false;
}

/** Whether a function stands in an implementation of a trait, whose methods take and give what the trait says. */
export function inTraitImpl({ items }: LintFile, item: Item): boolean {
  const parent = parentOf(items, item);
  return parent?.kind === 'impl' && / for /.test(parent.signature);
}

/** Whether a site is library code: neither in a file nor in an item that is test code. */
export function inLibrary({ library, items }: LintFile, { item }: Site): boolean {
  return library && itemOf(items, item)?.test !== true;
}

/** The nearest site around another whose kind is one of `kinds`, by index; -1 where there is none. */
export function enclosing(sites: readonly Site[], index: number, kinds: ReadonlySet<SiteKind>): number {
  let at = sites[index]?.parent ?? -1;
  while (at !== -1 && !kinds.has((sites[at] as Site).kind)) at = (sites[at] as Site).parent;
  return at;
}

/** Whether the `inner` site lies in the `outer` one. */
export function holds(outer: Site, inner: Site): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Chains and arguments are read this far: what a rule asks for stands near the name. */
const CALLEE = 400;
const DETAIL = 2_000;

/**
 * Text of a call's callee or a macro's name with its path, without white space: `self.inner.lock`,
 * `std::fs::read`. Of a long chain the end. In a macro's tokens a method's receiver is not part of the
 * site; what stands before it on the line is taken for it.
 */
export function calleeOf({ text }: LintFile, site: Site): string {
  let from = Math.max(site.start, site.detail - CALLEE);
  if (text.charAt(site.start - 1) === '.' && text.charAt(site.start - 2) !== '.')
    from = lineStart(text, site.start);
  const callee = text.slice(from, site.detail);
  return callee.slice(pastAttributes(callee, 0)).replace(/\s+/g, '');
}

/** Text after a site's name, as far as it matters: a call's arguments with their parentheses. */
export function detailOf({ text }: LintFile, site: Site): string {
  return text.slice(site.detail, Math.min(site.end, site.detail + DETAIL));
}

/** Whether a file's text matches; asked once a file for each pattern. */
export function mentions(file: LintFile, pattern: RegExp): boolean {
  let known = file.known.get(pattern.source);
  if (known === undefined) {
    known = pattern.test(file.text);
    file.known.set(pattern.source, known);
  }
  return known;
}

/** Offset after attributes that begin at `at`: the grammar counts a statement's attributes to its first expression. */
export function pastAttributes(text: string, at: number): number {
  if (text.charAt(at) !== '#') return at;
  const attributes = /(?:#!?\[(?:[^\]"]|"[^"]*")*\]\s*)*/y;
  attributes.lastIndex = at;
  attributes.test(text);
  return Math.max(at, attributes.lastIndex);
}
