import type { Item, SyntaxFile } from '../types/syntax.ts';
import { clausesOf } from './clauses.ts';
import type { Declarations, Declared } from './site.ts';

export function declarationsOf({ text, items }: Pick<SyntaxFile, 'text' | 'items'>): Declarations {
  const declared: Declared[] = [];
  const safe = new Set<string>();
  const staticMuts: string[] = [];
  const unionFields = new Set<string>();
  const structFields = new Set<string>();
  for (const item of items) {
    const around = items[item.parent];
    switch (item.kind) {
      case 'fn':
        if (isUnsafe(item, around)) declared.push(functionOf(item, around));
        else safe.add(`${item.name}/${parametersOf(item.signature).length}`);
        break;
      case 'trait':
        if (item.unsafe) declared.push(traitOf(item));
        break;
      case 'static':
        if (/\bstatic\s+mut\b/.test(item.signature)) staticMuts.push(item.name);
        break;
      case 'union':
      case 'struct': {
        const fields = item.kind === 'union' ? unionFields : structFields;
        for (const name of fieldsOf(text, item)) fields.add(name);
      }
    }
  }
  return {
    declared,
    safe: [...safe],
    staticMuts,
    unionFields: [...unionFields].filter((name) => !structFields.has(name)),
  };
}

/** Foreign functions are unsafe to call unless they are declared `safe`. */
function isUnsafe(item: Item, around: Item | undefined): boolean {
  if (around?.kind !== 'extern') return item.unsafe;
  return !/^(?:pub(?:\s*\([^)]*\))?\s+)?safe\b/.test(item.signature);
}

function functionOf(item: Item, around: Item | undefined): Declared {
  const parameters = parametersOf(item.signature);
  const method = parameters[0] !== undefined && /^(?:&\s*(?:'\w+\s+)?)?(?:mut\s+)?self\b/.test(parameters[0]);
  const owner = around === undefined ? '' : ownerOf(around);
  return {
    name: item.name,
    owner,
    module: '',
    path: owner === '' ? item.name : `${owner}::${item.name}`,
    kind: around?.kind === 'extern' ? 'foreign' : 'fn',
    method,
    parameters: parameters.length - (method ? 1 : 0),
    clauses: clausesOf(item.doc),
    ambiguous: false,
  };
}

function traitOf({ name, doc }: Item): Declared {
  return {
    ...{ name, owner: '', module: '', path: name, kind: 'trait' as const, method: false, parameters: 0 },
    clauses: clausesOf(doc),
    ambiguous: false,
  };
}

/** By what name a block's functions are called: the type of an impl, a trait's own; `''` for a module. */
function ownerOf({ kind, name, path }: Item): string {
  if (kind === 'trait') return name;
  if (kind !== 'impl') return '';
  const last = path.slice(
    path.lastIndexOf('::', path.indexOf('<') === -1 ? undefined : path.indexOf('<')) + 1,
  );
  return typeName(/^:?<?(.*?)(?: as .*)?>?$/.exec(last)?.[1] ?? '');
}

/** By what name a type's functions are called: those of std's primitive types stand under `pointer` and `slice`. */
export function typeName(type: string): string {
  if (type.startsWith('*')) return 'pointer';
  if (type.startsWith('[')) return 'slice';
  return /[\p{L}_][\p{L}\p{N}_]*/u.exec(type.replace(/^&(?:mut)?\s*|^dyn\s+/, ''))?.[0] ?? '';
}

const MAX_SIGNATURE = 4_000;

/** The parameters of a signature as they are written, `self` among them. */
export function parametersOf(signature: string): string[] {
  const text = signature.slice(0, MAX_SIGNATURE);
  const name = /\bfn\s+(?:r#)?[\p{L}_][\p{L}\p{N}_]*\s*/u.exec(text);
  if (name === null) return [];
  let open = name.index + name[0].length;
  if (text[open] === '<') {
    let depth = 0;
    do {
      if (text[open] === '<') depth += 1;
      else if (text[open] === '>' && text[open - 1] !== '-') depth -= 1;
      open += 1;
    } while (depth > 0 && open < text.length);
  }
  const from = text.indexOf('(', open);
  return from === -1 ? [] : listOf(text.slice(from));
}

/** The elements of a list that begins with its parenthesis, up to the matching one. */
export function listOf(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 1;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === '"') at = closingQuote(text, at);
    else if (character === "'" && /^'(?:\\.|[^\\'])'/.test(text.slice(at, at + 4)))
      at += text[at + 1] === '\\' ? 3 : 2;
    else if ('([{'.includes(character)) depth += 1;
    else if (character === '<' && /[\w:]/.test(text[at - 1] ?? '')) depth += 1;
    else if (character === '>' && depth > 1 && !'-='.includes(text[at - 1] ?? '') && text[at - 1] !== ' ')
      depth -= 1;
    else if (')]}'.includes(character)) {
      depth -= 1;
      if (depth <= 0) {
        parts.push(text.slice(start, at));
        break;
      }
    } else if (character === ',' && depth === 1) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function closingQuote(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

function fieldsOf(text: string, { body }: Item): string[] {
  if (body === null) return [];
  const inside = text.slice(body.start, body.end).replace(/\/\/[^\n]*|\/\*[^]*?\*\//g, '');
  return [...inside.matchAll(/([\p{L}_][\p{L}\p{N}_]*)\s*:(?!:)/gu)].map(([, name]) => name as string);
}
