/**
 * The tokens of a macro's arguments or body, which the grammar does not parse: a name before `(` is read
 * as a call, before `!(` as a macro, `.await` and `unsafe {` as what they are. Calls and macros begin at
 * their path (`a::b::c(…)`) or, for methods, at the method's name, since where the receiver begins is unknown.
 */
import { countCall, countMacro } from './expressions.ts';
import { A, N } from './kinds.ts';
import { addSite, enter, textOf } from './scope.ts';
import type { Walk } from './scope.ts';

/** Words that the grammar takes for names in token trees, and that may stand before a parenthesis. */
const KEYWORDS = new Set(['else', 'in', 'ref', 'where', 'dyn', 'move', 'extern', 'box', 'do', 'try']);

/** Records a name in a token tree as a call or macro if one follows. */
export function addNamedToken(walk: Walk, node: number): void {
  const { table, text } = walk;
  const bang = table.kind[node + 1] === A['!'];
  const tree = bang ? node + 2 : node + 1;
  if (table.kind[tree] !== N.token_tree) return;
  const detail = table.start[tree] as number;
  if (!bang && text[detail] !== '(') return;
  if (bang && table.start[node + 1] !== table.end[node]) return;
  const before = table.kind[node - 1];
  if (before === A.fn || before === A.struct) return;
  const name = textOf(walk, node);
  if (KEYWORDS.has(name)) return;
  const end = table.end[tree] as number;
  addSite(walk, bang ? 'macro' : 'call', pathStart(walk, node), end, name, detail);
  if (bang) countMacro(walk, name);
  else countCall(walk, name, before === A['.'] && table.kind[node - 2] === N.self);
}

export function addAwaitToken(walk: Walk, node: number): void {
  const { table, counters } = walk;
  if (table.kind[node - 1] !== A['.']) return;
  addSite(walk, 'await', table.start[node] as number, table.end[node] as number);
  if (counters !== null) counters.awaits += 1;
}

export function addUnsafeToken(walk: Walk, node: number): void {
  const { table, text, counters } = walk;
  const tree = node + 1;
  const start = table.start[node] as number;
  if (table.kind[tree] !== N.token_tree || text[table.start[tree] as number] !== '{') {
    addSite(walk, 'unsafe-token', start, table.end[node] as number, wordAt(walk, tree));
    return;
  }
  addSite(walk, 'unsafe-block', start, table.end[tree] as number);
  if (counters !== null) counters.unsafeBlocks += 1;
}

export function openPattern(walk: Walk, node: number): void {
  if (walk.pattern) return;
  enter(walk, node);
  walk.pattern = true;
}

/** Records the word `unsafe` in the left side of a macro's rule. */
export function addPatternToken(walk: Walk, node: number): void {
  const { table, pattern } = walk;
  if (!pattern) return;
  const word = wordAt(walk, node + 1);
  addSite(walk, 'unsafe-token', table.start[node] as number, table.end[node] as number, word);
}

function wordAt(walk: Walk, node: number): string {
  const { table } = walk;
  return node < table.count ? (/^\w+$/.exec(textOf(walk, node))?.[0] ?? '') : '';
}

function pathStart({ table }: Walk, node: number): number {
  let at = node;
  while (table.kind[at - 1] === A['::'] && table.kind[at - 2] === N.identifier) at -= 2;
  return table.start[at] as number;
}
