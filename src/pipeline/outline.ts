import type { Target } from './targets.ts';
import type { Host } from '../host.ts';
import type { OutlineFile, OutlineItem } from '../report/outline.ts';
import type { Item } from '../types.ts';
import { walkTarget } from './files.ts';
import type { ParserPool } from './pool.ts';

/** The shape of the files, by path. Nothing is stored: parsing is as fast as reading it back would be. */
export async function outlineTarget(host: Host, pool: ParserPool, target: Target): Promise<OutlineFile[]> {
  const { files, skipped } = await walkTarget(target, host.env);
  const { maxFileSize } = target.config.settings.analysis;
  const source = { root: target.root.root, maxFileSize, signal: host.signal };
  const byPath = new Map<string, OutlineFile>(
    skipped.map(({ path, reason }) => [path, { path, items: [], problem: `skipped: ${reason}` }]),
  );
  await pool.each('outline', source, files, (outcome) => {
    const { path } = outcome;
    switch (outcome.kind) {
      case 'done': {
        const { items, problem } = outcome.value;
        byPath.set(path, { path, items: nested(items), ...(problem === null ? {} : { problem }) });
        break;
      }
      case 'skipped':
        byPath.set(path, { path, items: [], problem: `skipped: ${outcome.reason}` });
        break;
      case 'failed':
        byPath.set(path, { path, items: [], problem: outcome.message });
        break;
      default:
        outcome satisfies never;
    }
  });
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Items know their parent by index; a tree is what people and programs read. */
function nested(items: readonly Item[]): OutlineItem[] {
  const children = items.map((): OutlineItem[] => []);
  const roots: OutlineItem[] = [];
  items.forEach((item, index) => {
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
    (children[item.parent] ?? roots).push(shown);
  });
  return roots;
}
