import type { ShownPiece } from '../../lens/citations.ts';
import { importsOf } from '../../lens/imports.ts';
import type { ContextReport } from '../../report/context.ts';
import { modulePath } from '../../search/module-path.ts';
import { namesIn } from '../../search/names.ts';
import type { Piece } from '../../search/pack.ts';
import { fillPack } from '../../search/pack.ts';
import type { StoredChunk } from '../../store/chunks.ts';
import type { Notice } from '../../types/run.ts';
import type { Item } from '../../types/syntax.ts';
import { counted } from '../../util/numbers.ts';
import { REPORT_SCHEMA_VERSION } from '../../version.ts';
import type { OpenIndex } from './open-index.ts';
import { openIndex } from './open-index.ts';
import type { Ranked } from '../../search/rank.ts';
import type { Found } from './candidates.ts';
import type { Chosen } from './dependencies.ts';
import { dependencies } from './dependencies.ts';
import { retrieve } from './retrieve.ts';
import { textOf } from './chunk-text.ts';
import type { SearchContext } from './targets.ts';
import { BEFORE_SEARCH } from './targets.ts';
import type { Target } from '../targets.ts';

export interface ContextRequest {
  readonly task: string;
  /** At most. */
  readonly tokens: number;
  readonly count: (text: string) => number;
}

/** As in the design paper: so many are found, and so many of them are taken. */
const CANDIDATES = 50;
const TAKEN = 20;

/** A pack, and the code in it that is shown whole. */
export interface PackedContext {
  readonly report: ContextReport;
  readonly shown: readonly ShownPiece[];
}

/** Packs what a reader needs for a task: the items found, then what they mention, up to the budget. */
export async function packContext(
  context: SearchContext,
  targets: readonly Target[],
  { task, tokens, count }: ContextRequest,
): Promise<PackedContext> {
  const indexes: OpenIndex[] = [];
  try {
    for (const target of targets) indexes.push(await openIndex(context, target, BEFORE_SEARCH));
    const request = {
      query: task,
      like: null,
      mode: null,
      unit: 'item',
      limit: CANDIDATES,
      kinds: null,
      allows: null,
    } as const;
    const { ranked, mode, model, notices } = await retrieve(indexes, context.embedder, request);
    const matches = ranked.flatMap(chosen).slice(0, TAKEN);
    const all = [...matches, ...dependencies(matches)];
    const shapes = await shapesOf(context, all);
    const pieces = all.map((one) => pieceOf(one, shapes.get(keyOf(one)) ?? []));
    const pack = fillPack(pieces, tokens, count);
    const report: ContextReport = {
      schemaVersion: REPORT_SCHEMA_VERSION,
      ...{ task, budget: tokens, tokens: pack.tokens, tokenizer: 'o200k_base', mode, model },
      items: all.map(({ index, chunk, role }, at) => ({
        root: index.root,
        path: chunk.file,
        startLine: chunk.startLine,
        endLine: chunk.endLine,
        name: chunk.name,
        role,
        shown: pack.shown[at] ?? 'nothing',
      })),
      text: pack.text,
      notices: [
        ...targets.flatMap(({ config }) => config.notices),
        ...indexes.flatMap((index) => index.notices),
        ...notices,
        ...(pack.text === '' ? [nothingIn(all, tokens)] : []),
      ],
    };
    const shown = all.flatMap(({ index, chunk }, at) => {
      const { line, text } = pieces[at] as Piece;
      return pack.shown[at] === 'whole' ? [{ root: index.root, path: chunk.file, line, text }] : [];
    });
    return { report, shown };
  } finally {
    for (const index of indexes) index.close();
  }
}

function nothingIn({ length }: readonly Chosen[], tokens: number): Notice {
  if (length === 0) return { code: 'nothing-found', message: 'nothing was found for this task' };
  const message = `${counted(length, 'item')} found, and none has room in ${counted(tokens, 'token')}`;
  return { code: 'no-room', message };
}

function chosen({ candidate: { index, chunk } }: Ranked<Found>): Chosen[] {
  const text = textOf(index, chunk);
  return text === null ? [] : [{ index, chunk, role: 'match', text }];
}

/** The items of the files that the chosen ones stand in. */
async function shapesOf(
  { pool }: SearchContext,
  all: readonly Chosen[],
): Promise<Map<string, readonly Item[]>> {
  const shapes = new Map<string, readonly Item[]>();
  for (const index of new Set(all.map((one) => one.index))) {
    const { root, maxFileSize } = index;
    const paths = new Set(all.filter((one) => one.index === index).map(({ chunk }) => chunk.file));
    const files = [...paths].map((path) => ({ path, role: 'library' as const, size: 0 }));
    await pool.each('outline', { root, maxFileSize }, files, (outcome) => {
      if (outcome.kind === 'done')
        shapes.set(keyOf({ index, chunk: { file: outcome.path } }), outcome.value.items);
    });
  }
  return shapes;
}

function keyOf({
  index,
  chunk,
}: {
  readonly index: OpenIndex;
  readonly chunk: Pick<StoredChunk, 'file'>;
}): string {
  return `${index.id}:${chunk.file}`;
}

function pieceOf({ chunk, text, role }: Chosen, items: readonly Item[]): Piece {
  const item = items.find(({ startLine, name }) => startLine === chunk.startLine && name === chunk.name);
  const names = namesIn(text);
  const imports = items
    .filter(({ kind, parent }) => kind === 'use' && parent === -1)
    .flatMap(importsOf)
    .filter(({ name }) => names.has(name))
    .map(({ line }) => line);
  const signature = chunk.signature === '' ? '' : `${chunk.signature};`;
  return {
    file: chunk.file,
    module: modulePath(chunk.file, ''),
    line: role === 'match' ? chunk.firstLine : chunk.startLine,
    blocks: item === undefined ? [] : blocksAround(items, item),
    imports: role === 'match' ? imports : [],
    // What is only mentioned is known by its signature, a type by its fields.
    text: role === 'match' || chunk.kind !== 'fn' ? text : signature,
    signature,
  };
}

function blocksAround(items: readonly Item[], item: Item): string[] {
  const heads: string[] = [];
  for (let at = items[item.parent]; at !== undefined; at = items[at.parent]) heads.unshift(at.signature);
  return heads;
}
