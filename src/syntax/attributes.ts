import { N } from './kinds.ts';
import { beforeBreaks } from './names.ts';
import type { NodeTable } from './table.ts';

/** What stands before an item's head. */
export interface Attributes {
  readonly doc: string;
  readonly attributes: readonly string[];
  /** One of them makes the item test code. */
  readonly test: boolean;
}

const BLANK = 32;
const NONE: Attributes = { doc: '', attributes: [], test: false };
const TEST_MARKS = new Set([
  'test',
  'bench',
  'rstest',
  'test_case',
  'proptest',
  'quickcheck',
  'wasm_bindgen_test',
]);
const MARK = /^#!?\s*\[\s*(?:unsafe\s*\(\s*)?(?:[\w:]*::)?\s*(\w+)/;
const DOC = /^#!?\s*\[\s*doc\s*=\s*(?:r(#*)"([^]*)"\1|"([^]*)")\s*\]$/;

/** Reads an item's `attributes` node, -1 where it has none. */
export function readAttributes(table: NodeTable, node: number, text: string): Attributes {
  if (node === -1) return NONE;
  const found: Found = { docs: [], attributes: [], test: false };
  const end = table.next[node] as number;
  for (let child = node + 1; child < end; child = table.next[child] as number) {
    const read = READERS[table.kind[child] as number];
    if (read !== undefined) read(found, text.slice(table.start[child], table.end[child]));
  }
  return { doc: found.docs.join('\n'), attributes: found.attributes, test: found.test };
}

interface Found {
  readonly docs: string[];
  readonly attributes: string[];
  test: boolean;
}

/** By kind of node, what its text adds. */
const READERS: (((found: Found, written: string) => void) | undefined)[] = new Array(256).fill(undefined);
READERS[N.line_outer_doc_comment] = ({ docs }, written) => docs.push(lineDoc(written));
READERS[N.block_outer_doc_comment] = ({ docs }, written) => docs.push(blockDoc(written));
READERS[N.attribute_item] = (found, written) => {
  found.attributes.push(written);
  found.test ||= marksTest(written);
  if (written.includes('doc')) addDoc(found.docs, written);
};

/**
 * Whether an attribute, `#[…]` or `#![…]`, makes what it stands on test code: a test or benchmark mark of
 * whatever framework, or a `cfg` that holds under test alone.
 */
export function marksTest(attribute: string): boolean {
  const name = MARK.exec(attribute)?.[1];
  if (name === undefined) return false;
  if (name !== 'cfg') return TEST_MARKS.has(name);
  const open = attribute.indexOf('(');
  return open !== -1 && attribute.includes('test') && impliesTest(attribute.slice(open));
}

/** Whether a `cfg` predicate, in its parentheses, can hold under `cfg(test)` alone. */
function impliesTest(predicate: string): boolean {
  const tokens = predicate.match(/"(?:[^"\\]|\\.)*"|\w+|[(),=]/g) ?? [];
  let at = 0;
  // Nested deeper than this it says nothing that anyone wrote by hand.
  const group = (quantifier: string, depth: number): boolean => {
    const parts: boolean[] = [];
    at += 1;
    while (at < tokens.length && tokens[at] !== ')') {
      const word = tokens[at++] as string;
      if (tokens[at] === '(' && depth < 64) parts.push(group(word, depth + 1));
      else if (word !== ',') parts.push(word === 'test' && tokens[at] !== '=');
      if (tokens[at] === '=') at += 2;
    }
    at += 1;
    if (quantifier === 'all') return parts.includes(true);
    return quantifier === 'any' && parts.length > 0 && !parts.includes(false);
  };
  return group('all', 0);
}

/** The text of a `#[doc = "…"]`. */
function addDoc(docs: string[], attribute: string): void {
  const found = DOC.exec(attribute);
  if (found !== null) docs.push(found[2] ?? (found[3] as string).replace(/\\(["\\])/g, '$1'));
}

/** `/// text` without its mark, one blank after it and the line break. */
function lineDoc(written: string): string {
  return written.slice(written.charCodeAt(3) === BLANK ? 4 : 3, beforeBreaks(written, 3, written.length));
}

function blockDoc(written: string): string {
  const lines = written.slice(3, -2).split(/\r?\n/);
  return lines
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}
