import type { Target } from './targets.ts';
import type { Host } from '../host.ts';
import type { OutlineFile, OutlineItem } from '../report/outline.ts';
import type { Notice } from '../types/run.ts';
import type { Item } from '../types/syntax.ts';
import { byPath } from '../util/order.ts';
import { walkTarget } from './files.ts';
import type { ParserPool } from './pool.ts';

interface Outline {
  /** By path, target by target. */
  readonly files: readonly OutlineFile[];
  readonly notices: readonly Notice[];
}

/** The shape of the files. Nothing is stored: parsing is as fast as reading it back would be. */
export async function outline(host: Host, pool: ParserPool, targets: readonly Target[]): Promise<Outline> {
  const files: OutlineFile[] = [];
  const notices: Notice[] = [];
  for (const target of targets) {
    const own = await outlineTarget(host, pool, target);
    files.push(...own.files);
    notices.push(...target.config.notices, ...own.notices);
  }
  return { files, notices };
}

async function outlineTarget(host: Host, pool: ParserPool, target: Target): Promise<Outline> {
  const { files, skipped, notices } = await walkTarget(target, host.env);
  const { root } = target.root;
  const { maxFileSize } = target.config.settings.analysis;
  const shapes = new Map<string, OutlineFile>();
  const add = (path: string, items: OutlineItem[], problem: string | null): void => {
    shapes.set(path, { root, path, items, ...(problem === null ? {} : { problem }) });
  };
  for (const { path, reason } of skipped) add(path, [], `skipped: ${reason}`);
  await pool.each('outline', { root, maxFileSize, signal: host.signal }, files, (outcome) => {
    switch (outcome.kind) {
      case 'done':
        return add(outcome.path, nested(outcome.value.items), outcome.value.problem);
      case 'skipped':
        return add(outcome.path, [], `skipped: ${outcome.reason}`);
      case 'failed':
        return add(outcome.path, [], outcome.message);
      default:
        outcome satisfies never;
    }
  });
  return { files: [...shapes.values()].sort(byPath), notices };
}

/** What lies deeper stands here, one beside the other: neither JSON nor a person reads a tree of thousands of levels. */
const MAX_DEPTH = 100;

/** Items know their parent by index; a tree is what people and programs read. */
function nested(items: readonly Item[]): OutlineItem[] {
  const children = items.map((): OutlineItem[] => []);
  const roots: OutlineItem[] = [];
  const depths: number[] = [];
  /** For each item, under which one its own are shown. */
  const above: number[] = [];
  items.forEach((item, index) => {
    const parent = above[item.parent] ?? -1;
    const depth = (depths[parent] ?? -1) + 1;
    depths.push(depth);
    above.push(depth < MAX_DEPTH ? index : parent);
    const { kind, name, path, visibility, signature, unsafe, async, test, startLine, endLine } = item;
    const shown: OutlineItem = {
      kind,
      name,
      path,
      visibility,
      signature,
      unsafe,
      async,
      test,
      startLine,
      endLine,
      children: children[index] ?? [],
    };
    (children[parent] ?? roots).push(shown);
  });
  return roots;
}
