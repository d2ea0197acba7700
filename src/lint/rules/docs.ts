import type { FileCheck, LintFile } from '../rule.ts';
import type { Item, ItemKind } from '../../types.ts';

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

/** One finding a file: how many of its public items say nothing, at the first of them. */
export const documentationHits: FileCheck = (file) => {
  if (!file.library) return [];
  let total = 0;
  const bare: Item[] = [];
  file.items.forEach((item) => {
    if (!DOCUMENTED.has(item.kind) || item.visibility !== 'pub' || item.test || !isReachable(file, item))
      return;
    total += 1;
    if (item.doc === '' && !isHidden(item)) bare.push(item);
  });
  const [first] = bare;
  if (first === undefined) return [];
  return [
    {
      rule: 'missing-docs',
      start: first.head,
      end: first.body?.start ?? first.end,
      title: `${bare.length} of ${total} public items without documentation`,
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

function isHidden({ attributes }: Item): boolean {
  return attributes.some((attribute) => /doc\s*\(\s*hidden|doc\s*=|deprecated/.test(attribute));
}
