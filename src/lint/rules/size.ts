import { parametersOf } from '../bounds.ts';
import type { FileCheck, Hit, LintFile } from '../rule.ts';
import type { FunctionMetrics, Item } from '../../types/syntax.ts';

const LONG_FUNCTION = 100;
const COMPLEX_FUNCTION = 25;
const MANY_PARAMETERS = 7;

/** Functions that are too long, too complex, or take too much, by the metrics of the parse. */
export const sizeHits: FileCheck = (file) => {
  const hits: Hit[] = [];
  for (const item of file.items) {
    if (item.metrics === null || item.test) continue;
    const { lines, cognitive, parameters } = item.metrics;
    if (lines > LONG_FUNCTION) hits.push(long(item, item.metrics));
    if (cognitive > COMPLEX_FUNCTION) hits.push(complex(item, item.metrics));
    if (parameters > MANY_PARAMETERS && !isImposed(file, item) && !isMeant(item))
      hits.push(manyParameters(item, item.metrics));
  }
  return hits;
};

/** A trait's method takes what the trait says, a function for C what C says. */
function isImposed(file: LintFile, item: Item): boolean {
  const parent = file.items[item.parent];
  if (parent?.kind === 'impl' && / for /.test(parent.signature)) return true;
  return (
    /\bextern\b/.test(item.signature) || item.attributes.some((attribute) => attribute.includes('no_mangle'))
  );
}

/** Said so in an attribute, or told apart by number or letter: the lanes of a vector, the cells of a matrix. */
function isMeant({ attributes, signature }: Item): boolean {
  if (attributes.some((attribute) => attribute.includes('too_many_arguments'))) return true;
  const names = parametersOf(signature, /./);
  return names.filter((name) => /\d$|^_?\w{1,2}$/.test(name)).length * 2 > names.length;
}

function head({ head: start, body, end }: Item): { start: number; end: number } {
  return { start, end: body?.start ?? end };
}

function long(item: Item, { lines }: FunctionMetrics): Hit {
  return {
    rule: 'long-function',
    ...head(item),
    title: `function of ${lines} lines`,
    message: `\`${item.name}\` has ${lines} lines; more than ${LONG_FUNCTION} hardly fit in a reader’s head.`,
    suggestion: 'Split it where its comments announce a new part.',
  };
}

function complex(item: Item, { cognitive }: FunctionMetrics): Hit {
  return {
    rule: 'complex-function',
    ...head(item),
    ...(cognitive > 2 * COMPLEX_FUNCTION ? {} : { severity: 'low' as const }),
    title: `function of cognitive complexity ${cognitive}`,
    message: `\`${item.name}\` has a cognitive complexity of ${cognitive} (limit ${COMPLEX_FUNCTION}): nested and mixed control flow.`,
    suggestion: 'Return early, move inner loops and branches into functions with names.',
  };
}

function manyParameters(item: Item, { parameters }: FunctionMetrics): Hit {
  return {
    rule: 'too-many-parameters',
    ...head(item),
    title: `function of ${parameters} parameters`,
    message: `\`${item.name}\` takes ${parameters} parameters (limit ${MANY_PARAMETERS}): calls are easily given in the wrong order.`,
    suggestion: 'Gather those that travel together in a struct.',
  };
}
