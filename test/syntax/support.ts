import { loadGrammar } from '../../src/syntax/grammar.ts';
import { parseFile } from '../../src/syntax/parse.ts';
import type { FunctionMetrics, Item, Site, SyntaxFile } from '../../src/types/syntax.ts';

export const grammar = await loadGrammar();

export function syntaxOf(text: string): SyntaxFile {
  return parseFile(grammar, text);
}

/** The first item of a name. */
export function itemOf(text: string, name: string): Item {
  const item = syntaxOf(text).items.find((candidate) => candidate.name === name);
  if (item === undefined) throw new Error(`no item ${name}`);
  return item;
}

/** One line an item: `+` before a unit, kind, path, indented below the item around it. */
export function outline(text: string): string[] {
  const { items } = syntaxOf(text);
  const depth = (item: Item): number => (item.parent === -1 ? 0 : 1 + depth(items[item.parent] as Item));
  return items.map((item) => `${'  '.repeat(depth(item))}${item.unit ? '+' : '-'} ${item.kind} ${item.path}`);
}

/** The metrics of the first function. */
export function metricsOf(text: string): FunctionMetrics {
  const metrics = syntaxOf(text).items.find(({ kind }) => kind === 'fn')?.metrics;
  if (metrics === undefined || metrics === null) throw new Error('no metrics');
  return metrics;
}

/** Sites of some kinds as `kind name: text`. */
export function sitesOf(text: string, ...kinds: Site['kind'][]): string[] {
  const { sites } = syntaxOf(text);
  return sites
    .filter(({ kind }) => kinds.includes(kind))
    .map(
      ({ kind, name, start, end }) => `${kind}${name === '' ? '' : ` ${name}`}: ${text.slice(start, end)}`,
    );
}
