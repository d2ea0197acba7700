import type { Item } from '../types/syntax.ts';
import type { Entry } from './mentions.ts';

const MAX_DEPTH = 16;

/** A name of the standard library under its own name, but for those that hide one of the prelude or stand for many. */
const TELLS_NOTHING = /^(?:::)?(?:std|core|alloc)::(?!.*(?:\bas\b|\b(?:Result|Error)$))/;

/**
 * A `use` item as one entry per imported name, `use tokio::sync::Mutex;`, so that a unit shows the
 * imports that it mentions and no others. Globs name nothing; `std::sync::Mutex` is what a reader takes
 * `Mutex` for anyway.
 */
export function importsOf(item: Item): Entry[] {
  const entries: Entry[] = [];
  const tree = /^(?:pub(?:\([^)]*\))?\s+)?use\s+(.*?);?$/s.exec(item.signature)?.[1];
  if (tree !== undefined) addLeaves(entries, tree, '', 0, item.test);
  return entries;
}

function addLeaves(entries: Entry[], tree: string, prefix: string, depth: number, test: boolean): void {
  const trimmed = tree.trim();
  const brace = trimmed.indexOf('{');
  if (brace === -1) {
    addLeaf(entries, trimmed === 'self' ? prefix.replace(/::$/, '') : prefix + trimmed, test);
    return;
  }
  if (depth === MAX_DEPTH || !trimmed.endsWith('}')) return;
  const inner = prefix + trimmed.slice(0, brace).trim();
  for (const part of topLevel(trimmed.slice(brace + 1, -1))) addLeaves(entries, part, inner, depth + 1, test);
}

function addLeaf(entries: Entry[], path: string, test: boolean): void {
  const name = /(?:^|::|\bas\s+)([\p{L}_][\p{L}\p{N}_]*)$/u.exec(path)?.[1];
  if (name === undefined || name === '_' || TELLS_NOTHING.test(path)) return;
  entries.push({ name, line: `use ${path};`, header: '', owner: '', test });
}

/** The parts of a comma-separated list, braces kept together. */
function topLevel(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= list.length; at += 1) {
    const character = list[at];
    if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    else if (character === undefined || (character === ',' && depth === 0)) {
      parts.push(list.slice(from, at));
      from = at + 1;
    }
  }
  return parts.filter((part) => part.trim() !== '');
}
