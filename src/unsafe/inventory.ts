import type { Range } from '../types/source.ts';
import type { Item, Site, SyntaxFile } from '../types/syntax.ts';
import type { LineIndex } from '../util/lines.ts';
import { clausesOf } from './clauses.ts';
import type { Comments } from './comments.ts';
import { commentsOf } from './comments.ts';
import { declarationsOf } from './declared.ts';
import { callOf, isAsm, isRawPointer, shown, wordsIn } from './operations.ts';
import type { Place } from './places.ts';
import { ITEM_KINDS, masked, namedPath, placesOf, unitOf } from './places.ts';
import type { RawOperation, RawSite, UnsafeFacts } from './site.ts';

/** Whether a text can hold anything that the inventory asks for: what holds none of these words needs no parse. */
export function mayMatter(text: string): boolean {
  return /\bunsafe\b|\bextern\b|\bstatic\s+mut\b|\bunion\b/.test(text);
}

/** Everything one file tells of unsafe code, in the order of its text. */
export function unsafeFacts(syntax: SyntaxFile, lines: LineIndex): UnsafeFacts {
  const file = { syntax, lines, comments: commentsOf(syntax), masked: masked(syntax), pointers: new Map() };
  const places = placesOf(syntax);
  assign(file, places);
  const broken = syntax.diagnostics.find(({ kind }) => kind === 'syntax-error' || kind === 'missing-token');
  // Where the word does not stand there is none of it, however little else can be read.
  const unsure = broken !== undefined && /\bunsafe\b/.test(syntax.text);
  const tests = syntax.items.find(({ kind, test, body }) => kind === 'mod' && test && body !== null);
  return {
    sites: places.sort((a, b) => a.start - b.start).map((place) => rawSite(file, place)),
    ...declarationsOf(syntax),
    testModule: tests?.path ?? null,
    problem: unsure ? broken.message : null,
  };
}

interface File {
  readonly syntax: SyntaxFile;
  readonly lines: LineIndex;
  readonly comments: Comments;
  /** The text with comments and strings blanked out. */
  readonly masked: string;
  /** By item and name, whether the item declares the name as a raw pointer. */
  readonly pointers: Map<string, boolean>;
}

interface Region extends Range {
  readonly place: Place | null;
  /** The unsafe function that it is or lies in, -1 for none. */
  readonly around: number;
}

/** Gives each call, dereference and assembly to the innermost unsafe block or function around it. */
function assign(file: File, places: readonly Place[]): void {
  const { syntax, lines, masked: text } = file;
  const blocks = new Map(places.filter(({ kind }) => kind === 'block').map((place) => [place.start, place]));
  const functions = new Map(places.filter(({ kind }) => kind === 'fn').map((place) => [place.item, place]));
  const open: Region[] = [];
  for (const site of syntax.sites) {
    while (open.length > 0 && (open.at(-1) as Region).end <= site.start) open.pop();
    const region = open.at(-1);
    if (site.kind === 'fn') {
      const place = functions.get(site.item) ?? null;
      open.push({ start: site.start, end: site.end, place, around: place === null ? -1 : site.item });
    } else if (site.kind === 'unsafe-block') {
      const place = blocks.get(site.start) as Place;
      place.around = region?.around ?? -1;
      region?.place?.holes.push({ start: site.start, end: site.end });
      open.push({ start: site.start, end: site.end, place, around: place.around });
    } else if (region?.place) {
      const operation = operationOf(file, site);
      if (operation !== null) region.place.operations.push(operation);
    }
  }
  for (const place of places) {
    if (place.kind !== 'block' && place.kind !== 'fn') continue;
    const body = place.kind === 'fn' ? syntax.items[place.item]?.body : place;
    if (body) place.operations.push(...namesOf(text, lines, body, place.holes));
  }
}

/** So much is read of what is dereferenced, and of the function that may declare it. */
const OPERAND = 400;
const OWNER = 20_000;

function operationOf({ syntax, lines, pointers }: File, site: Site): RawOperation | null {
  const { text, items } = syntax;
  const at = { text: shown(text.slice(site.start, site.end)), line: lines.line(site.start) };
  if (isAsm(site)) return { ...at, kind: 'asm' };
  if (site.kind === 'dereference') {
    const operand = text.slice(site.start + 1, Math.min(site.end, site.start + OPERAND));
    const key = `${site.item} ${operand}`;
    const { start = 0, end = 0 } = items[site.item] ?? {};
    const raw = pointers.get(key) ?? isRawPointer(operand, text.slice(start, Math.min(end, start + OWNER)));
    pointers.set(key, raw);
    return { ...at, kind: 'dereference', raw };
  }
  const call = site.kind === 'call' ? callOf(text, site) : null;
  if (call === null) return null;
  const callee = shown(text.slice(site.start, site.detail)).slice(-60);
  return { ...at, text: callee, line: lines.line(Math.max(site.start, site.detail - 1)), kind: 'call', call };
}

function namesOf(text: string, lines: LineIndex, range: Range, holes: readonly Range[]): RawOperation[] {
  return wordsIn(text, range)
    .filter(({ at }) => !holes.some(({ start, end }) => at >= start && at < end))
    .map(({ kind, name, at }) => ({ kind, name, text: name, line: lines.line(at) }));
}

function rawSite({ syntax, lines, comments }: File, place: Place): RawSite {
  const { items } = syntax;
  const { kind, start, end, name, operations, around } = place;
  const item = items[place.item];
  const parent = items[item?.parent ?? -1];
  const isItem = ITEM_KINDS[item?.kind ?? 'use'] === kind && item?.head === start;
  const ofTrait = parent?.kind === 'impl' && parent.path.includes(' as ');
  return {
    kind,
    name,
    item: namedPath(items, isItem && item?.kind !== 'impl' ? item : (item ?? parent)),
    test: item?.test ?? false,
    unit: unitOf(items, item),
    operations,
    comment: comments.argument(commentsFor(comments, syntax, place, isItem ? item : undefined)),
    contract: isItem && (kind === 'fn' || kind === 'trait') ? clausesOf(item?.doc ?? '') : null,
    around: clausesOf(items[around]?.doc ?? '') ?? [],
    answered: around !== -1 || (kind === 'fn' && (ofTrait || parent?.kind === 'extern')),
    ...lines.position(start, Math.min(end, headEnd(syntax.text, start, end))),
  };
}

/** Where a place's first line ends, for people; blocks are not shown whole. */
function headEnd(text: string, start: number, end: number): number {
  const newline = text.slice(start, start + 2_000).indexOf('\n');
  return newline === -1 ? end : start + newline;
}

/** The comments that can argue for a place: those before it, and inside of it what belongs to nothing deeper. */
function commentsFor(
  comments: Comments,
  syntax: SyntaxFile,
  place: Place,
  item: Item | undefined,
): readonly Range[] {
  const { kind, start, end, holes, operations } = place;
  const { text, items } = syntax;
  const before = [...comments.above(item?.start ?? start)];
  if (item !== undefined) {
    const own = comments.inside({ start: item.start, end: item.head });
    // The documentation of a function or trait is its contract, and argues for nothing.
    before.push(
      ...own.filter(
        (one) => kind === 'impl' || !/^\/(?:\/\/|\*\*)/.test(text.slice(one.start, one.start + 3)),
      ),
    );
  }
  const body = item?.body ?? { start, end };
  if (kind === 'impl') {
    const first = items[place.item + 1];
    return [...before, ...comments.inside({ start: body.start, end: Math.min(end, first?.start ?? end) })];
  }
  if (kind !== 'block' && (kind !== 'fn' || operations.length === 0)) return before;
  const inside = comments
    .inside(body)
    .filter((one) => !holes.some((hole) => one.start >= hole.start && one.start < hole.end));
  return [...before, ...inside, ...comments.beside(end)];
}
