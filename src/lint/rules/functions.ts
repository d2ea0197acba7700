import { isLookedAt, parametersOf } from '../bounds.ts';
import { enclosing, inLibrary, inTraitImpl } from '../place.ts';
import type { FileCheck, Hit, LintFile } from '../rule.ts';
import type { Range } from '../../types/source.ts';
import type { Item, Site, SiteKind } from '../../types/syntax.ts';
import { parentOf } from '../../util/items.ts';

/** A body longer than this is not searched for an index: such a function is told of by its length. */
const LONGEST_BODY = 6_000;
const RUNS: ReadonlySet<SiteKind> = new Set(['fn', 'closure']);
const READS = /^(?:parse|read|decode|deserialize|lex|scan|unpack|decompress|skip)/;
const BOUND =
  /depth|level|limit|remaining|budget|fuel|nest|recurs|stacker|max_|\bn\s*-\s*1|\bdepth\b|split_at|visited|\bseen\b/i;

/** `pub fn at(&self, index: usize)` that indexes by its parameter and says nothing of a panic. */
export const indexHits: FileCheck = (file) => {
  if (!file.library || !file.text.includes('usize')) return [];
  return file.items.flatMap((item) => {
    if (item.kind !== 'fn' || item.visibility !== 'pub' || item.body === null || item.test) return [];
    if (!item.signature.includes('usize') || item.unsafe || /panic|bounds|\bmust\b/i.test(item.doc))
      return [];
    if (item.body.end - item.body.start > LONGEST_BODY) return [];
    return indexHit(file, item, item.body);
  });
};

function indexHit({ text }: LintFile, item: Item, { start, end }: { start: number; end: number }): Hit[] {
  const body = text.slice(start, end);
  for (const name of parametersOf(item.signature, /^usize$/)) {
    const at = new RegExp(`(?<=[\\w)\\]])\\[\\s*${name}\\s*\\]`).exec(body);
    if (at === null || isLookedAt(body.slice(0, at.index), name)) continue;
    if (new RegExp(`\\b${name}\\s*(?:[-+*/%&]?=[^=])|\\blet\\s+(?:mut\\s+)?${name}\\b`).test(body)) continue;
    return [
      {
        rule: 'unchecked-index',
        start: start + at.index,
        end: start + at.index + at[0].length,
        quoteFrom: start + at.index,
        title: `caller’s \`${name}\` used as an index`,
        message: `A \`${name}\` out of range panics, and the documentation of \`${item.name}\` does not say so.`,
        suggestion: 'Use `.get(…)` and return an `Option`, or document the panic under `# Panics`.',
      },
    ];
  }
  return [];
}

/** A function that reads its input by calling itself, with nothing in it that counts how deep. */
export const recursionHits: FileCheck = (file) => {
  if (!file.library) return [];
  const told = new Set<number>();
  const hits: Hit[] = [];
  file.sites.forEach((site, index) => {
    if (site.kind !== 'call' || site.item === -1 || told.has(site.item)) return;
    const item = file.items[site.item] as Item;
    if (item.name !== site.name || item.body === null || !readsByItself(file, item, site, index)) return;
    told.add(site.item);
    const body = file.text.slice(item.body.start, Math.min(item.body.end, item.body.start + LONGEST_BODY));
    if (!BOUND.test(body)) hits.push(unbounded(item, item.body));
  });
  return hits;
};

/** Whether a function reads its input, by its name, and a call in it is one of itself, with what it was given. */
function readsByItself(file: LintFile, item: Item, site: Site, index: number): boolean {
  if (item.kind !== 'fn' || !READS.test(item.name) || !inLibrary(file, site)) return false;
  if (inTraitImpl(file, item) || !callsItself(file, item, site) || BOUND.test(item.signature)) return false;
  if (!takesInput(item.signature) || inClosure(file, index)) return false;
  // Called with a fixed choice it goes one level down, as a table does.
  return !/'(?:\\?.)'/.test(file.text.slice(site.detail, site.end));
}

function unbounded({ name, head }: Item, body: Range): Hit {
  return {
    rule: 'unbounded-recursion',
    start: head,
    end: body.start,
    title: `\`${name}\` calls itself as deep as its input goes`,
    message:
      'Nothing in it counts the depth: input that nests deep enough ends the program, and no caller can prevent it.',
    suggestion: 'Pass a depth and return an error at a limit, or keep a stack of your own.',
  };
}

/** Not what walks a tree that is there already, and was made by something as deep; nor what is given nothing. */
function takesInput(signature: string): boolean {
  if (/^[^(]*\(\s*\)/.test(signature)) return false;
  return parametersOf(signature, /^&\s*(?:'\w+\s+)?(?!mut\b)(?:\w+::)*[A-Z]/).length === 0;
}

/** A closure may be given to what calls it for each part at one level. */
function inClosure({ sites }: LintFile, index: number): boolean {
  return sites[enclosing(sites, index, RUNS)]?.kind === 'closure';
}

/** `name(…)` in a free function, `self.name(…)` or `Self::name(…)` in a method. */
function callsItself({ items, text }: LintFile, item: Item, site: Site): boolean {
  const before = text
    .slice(Math.max(0, site.start), site.detail)
    .replace(/\s+/g, '')
    .replace(/::<.*>$/, '');
  const parent = parentOf(items, item)?.kind;
  if (parent === 'impl' || parent === 'trait')
    return before === `self.${item.name}` || before === `Self::${item.name}`;
  return before === item.name;
}

const THREE_FLAGS = /bool[^]*bool[^]*bool/;

/** Three or more `bool` among the parameters of a public function. */
export const booleanHits: FileCheck = (file) => {
  const hits: Hit[] = [];
  for (const item of file.items) {
    if (item.kind !== 'fn' || item.test || item.body === null || inTraitImpl(file, item)) continue;
    if (!THREE_FLAGS.test(item.signature) || /\bextern\b/.test(item.signature)) continue;
    const flags = parametersOf(item.signature, /^bool$/);
    if (flags.length >= 3) hits.push(manyFlags(item, item.body, flags.length));
  }
  return hits;
};

function manyFlags({ head, name }: Item, body: Range, count: number): Hit {
  return {
    rule: 'boolean-parameters',
    start: head,
    end: body.start,
    title: `function of ${count} boolean parameters`,
    message: `A call of \`${name}\` reads \`true, false, true\`: which is which stands elsewhere, and two of them change places unseen.`,
    suggestion: 'Give each choice an enum of two names, or gather them in a struct of options.',
  };
}
