import { mentions } from '../place.ts';
import type { FileCheck, LintFile } from '../rule.ts';
import { commentsAbove } from '../text.ts';
import type { Item, ItemKind } from '../../types/syntax.ts';

/** Names as C has them: the library that is bound documents them. */
const BINDINGS = /#!\[allow\([^\]]{0,200}\bnon_(?:camel_case_types|upper_case_globals|snake_case)\b/;

const DOCUMENTED: ReadonlySet<ItemKind> = new Set([
  'fn',
  'struct',
  'enum',
  'union',
  'trait',
  'const',
  'static',
  'type',
]);

/** One finding a crate's root: how many of its public items say nothing, at the first of them. */
export const documentationHits: FileCheck = (file) => {
  // What is public in another file may stand in a private module: only the root shows it.
  if (!file.library || !/(?:^|\/)lib\.rs$/.test(file.path) || mentions(file, BINDINGS)) return [];
  let total = 0;
  const bare: Item[] = [];
  file.items.forEach((item) => {
    if (!DOCUMENTED.has(item.kind) || item.visibility !== 'pub' || item.test || !isReachable(file, item))
      return;
    total += 1;
    if (item.doc === '' && !isHidden(item) && !isInternal(file, item)) bare.push(item);
  });
  // The same item for another target or feature may say it.
  const said = new Set(file.items.flatMap(({ doc, path }) => (doc === '' ? [] : [path])));
  const unsaid = bare.filter(({ path }) => !said.has(path));
  const [first] = unsaid;
  if (first === undefined) return [];
  return [
    {
      rule: 'missing-docs',
      start: first.head,
      end: first.body?.start ?? first.end,
      title: `${unsaid.length} of ${total} public items without documentation`,
      message: `\`${first.name}\` is the first of them: whoever uses it has to read its code.`,
      suggestion: 'Write a sentence each (`#![warn(missing_docs)]` lists them), or take back the `pub`.',
    },
  ];
};

/** `pub` all the way up, as far as the file shows. */
function isReachable({ items }: LintFile, item: Item): boolean {
  for (let around = items[item.parent]; around !== undefined; around = items[around.parent]) {
    if (around.kind === 'fn' || around.kind === 'trait' || isHidden(around)) return false;
    if (around.kind === 'impl' && / for /.test(around.signature)) return false;
    if (around.kind === 'mod' && around.visibility !== 'pub') return false;
  }
  return true;
}

/** A plain comment above says so: macros need it to be public. */
function isInternal({ text }: LintFile, { head }: Item): boolean {
  return /\b(?:not|no|non-?)\s*(?:a |part of (?:the |our )?)?public\b|\binternal\b|\bprivate\b/i.test(
    commentsAbove(text, head),
  );
}

function isHidden({ attributes }: Item): boolean {
  return attributes.some((attribute) =>
    /doc\s*\(\s*hidden|doc\s*=|deprecated|^#\[\s*proc_macro/.test(attribute),
  );
}
