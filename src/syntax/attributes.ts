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
  const docs: string[] = [];
  const attributes: string[] = [];
  let test = false;
  const end = table.next[node] as number;
  for (let child = node + 1; child < end; child = table.next[child] as number) {
    const written = text.slice(table.start[child], table.end[child]);
    const kind = table.kind[child];
    if (kind === N.line_outer_doc_comment) docs.push(lineDoc(written));
    else if (kind === N.block_outer_doc_comment) docs.push(blockDoc(written));
    else if (kind === N.attribute_item) {
      attributes.push(written);
      test ||= marksTest(written);
      if (written.includes('doc')) addDoc(docs, written);
    }
  }
  return { doc: docs.join('\n'), attributes, test };
}

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
