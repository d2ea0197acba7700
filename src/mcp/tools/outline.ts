import { outline } from '../../pipeline/outline.ts';
import type { OutlineFile, OutlineItem } from '../../report/outline.ts';
import { outlineText } from '../../report/outline.ts';
import { REPORT_SCHEMA_VERSION } from '../../version.ts';
import { inputOf, outputOf, PATHS } from '../schema.ts';
import { targetsIn } from '../scope.ts';
import { namingIn, notesText, trimmed } from '../text.ts';
import type { Answer, Call } from '../tool.ts';
import { tool } from '../tool.ts';

interface Args {
  readonly paths?: readonly string[];
  readonly limit: number;
}

export const outlineTool = tool<Args>({
  name: 'outline',
  title: 'Outline Rust files',
  description:
    'Lists what Rust files define: every item with kind, path, visibility, signature and lines, nested as in the code. Use it to learn the shape of a file, module or crate before reading it, or to find the lines of a known item. Name a file or folder in "paths"; a whole repository is cut at "limit" items.',
  input: inputOf({
    paths: PATHS,
    limit: { description: 'Items at most', type: 'integer', minimum: 1, maximum: 2000, default: 400 },
  }),
  output: async () => outputOf((await import('../../../schemas/outline.schema.json')).default),
  run,
});

async function run(call: Call, { paths = [], limit }: Args): Promise<Answer> {
  const { host, kept, scope } = call;
  const targets = await targetsIn(host, scope, paths);
  const { files: all, notices: said } = await outline(host, kept.pool, targets);
  const { files, left } = firstItems(all, limit);
  const message = `${left} of ${all.length} files are left out or cut: name a folder or a file in "paths", or raise "limit"`;
  const notices = left > 0 ? [...said, trimmed(message)] : said;
  const { head } = namingIn(targets.map(({ root }) => root.root));
  const body = files.length === 0 ? 'There is no Rust file.\n' : outlineText(files);
  return {
    structured: { schemaVersion: REPORT_SCHEMA_VERSION, files, notices },
    text: `${head}${body}${notesText(notices)}`,
  };
}

interface Cut {
  readonly files: readonly OutlineFile[];
  /** Files that are not there as a whole. */
  readonly left: number;
}

/** The first items in the order of the files; a file without any counts as one. */
function firstItems(all: readonly OutlineFile[], limit: number): Cut {
  const budget = { left: limit };
  const files: OutlineFile[] = [];
  let whole = 0;
  for (const file of all) {
    if (budget.left <= 0) break;
    const before = countOf(file.items);
    const items = take(file.items, budget);
    if (before === 0) budget.left -= 1;
    if (countOf(items) === before) whole += 1;
    files.push({ ...file, items });
  }
  return { files, left: all.length - whole };
}

function take(items: readonly OutlineItem[], budget: { left: number }): OutlineItem[] {
  const taken: OutlineItem[] = [];
  for (const item of items) {
    if (budget.left <= 0) break;
    budget.left -= 1;
    taken.push({ ...item, children: take(item.children, budget) });
  }
  return taken;
}

function countOf(items: readonly OutlineItem[]): number {
  return items.reduce((sum, { children }) => sum + 1 + countOf(children), 0);
}
