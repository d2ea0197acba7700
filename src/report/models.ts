import { byteSize } from '../util/numbers.ts';
import { printable } from '../util/printable.ts';
import type {
  BuiltinEntry,
  ModelEntry,
  ModelFacts,
  ModelsListReport,
  ModelsRemoveReport,
  ModelsTakeReport,
} from './models-model.ts';
import { table } from './table.ts';

/** The bundled embedder and the taken models, a line for each. Ends with a line break. */
export async function modelsListText(report: ModelsListReport): Promise<string> {
  const { directory, configured, builtin, models } = report;
  const missing = configured.model !== 'builtin' && !models.some(({ inUse }) => inUse);
  const names = `embedding.model (${configured.origin}) names ${printable(configured.model)}`;
  const last = missing ? [`${names}, which is not there.`] : [`${names}.`];
  const rows = [builtinRow(builtin), ...models.map(row)];
  const lines = await table(rows, ['left', 'left', 'right', 'left', 'left', 'left']);
  const where = models.length === 0 ? 'No model was taken into' : 'Those taken lie in';
  return `${[...lines, '', `${where} ${printable(directory)}.`, ...last].join('\n')}\n`;
}

function builtinRow({ inUse, id, bytes, problem }: BuiltinEntry): string[] {
  const state = problem === null ? (id ?? '') : `damaged: ${printable(problem)}`;
  return [
    inUse ? '*' : '',
    'builtin',
    bytes === null ? '' : byteSize(bytes),
    state,
    '',
    'comes with the program',
  ];
}

function row({ name, inUse, problem, facts }: ModelEntry): string[] {
  const mark = inUse ? '*' : '';
  if (facts === null) return [mark, printable(name), '', `damaged: ${printable(problem ?? '')}`, '', ''];
  const { bytes, takenAt, source } = facts;
  return [mark, printable(name), byteSize(bytes), made(facts), takenAt.slice(0, 10), printable(source)];
}

function made({ pooling, basis, maxTokens }: ModelFacts): string {
  return `${pooling} pooling${basis === 'assumed' ? ' (assumed)' : ''}, ${maxTokens} tokens`;
}

/** That a model was taken, and how it is put to use. Ends with a line break. */
export function modelsTakeText({ status, model }: ModelsTakeReport): string {
  const { name, inUse, facts } = model;
  const what = facts === null ? '' : `: ${byteSize(facts.bytes)}, ${made(facts)}`;
  const first = status === 'taken' ? `Took ${name}${what}.` : `${name} is there already${what}.`;
  const assumed =
    facts?.basis === 'assumed'
      ? [
          'Its folder does not say how its vectors are made: the mean of its tokens is taken, without prefixes.',
        ]
      : [];
  const use = inUse ? [] : [`To use it, set in config.toml:  [embedding]  model = "${name}"`];
  return `${[first, ...assumed, ...use].join('\n')}\n`;
}

/** Ends with a line break. */
export function modelsRemoveText({ removed, stillNamedBy }: ModelsRemoveReport): string {
  const rest =
    stillNamedBy === null ? '' : `embedding.model (${stillNamedBy}) still names it: set it to "builtin".\n`;
  return `Removed ${removed}.\n${rest}`;
}
