import { KINDS } from '../../pipeline/search/search.ts';
import { searchTargets } from '../../pipeline/search/targets.ts';
import { pathFilter } from '../../repo/path-filter.ts';
import type { SearchReport } from '../../report/search-model.ts';
import { searchText } from '../../report/search.ts';
import { inputOf, outputOf, PATHS } from '../schema.ts';
import { targetsIn } from '../scope.ts';
import { namingIn, trimmed } from '../text.ts';
import type { Answer, Call } from '../tool.ts';
import { tool } from '../tool.ts';

interface Args {
  readonly query: string;
  readonly paths?: readonly string[];
  readonly limit: number;
  readonly mode?: 'hybrid' | 'vector' | 'keyword';
  readonly kinds?: readonly string[];
  readonly globs?: readonly string[];
  readonly content: boolean;
}

export const searchTool = tool<Args>({
  name: 'search',
  title: 'Search Rust code',
  description:
    'Finds Rust items (functions, types, traits, impls, macros) by what they do or are called. Use it before grep or reading files when you do not know where something is: a question in a few words ("retry with backoff") or an identifier ("Pool::acquire", definition first). Returns each item\'s file, lines, signature and matching lines, best first. The index follows the files by itself; the first call in a repository builds it.',
  input: inputOf(
    {
      query: {
        description: 'A few words, an identifier or a path',
        type: 'string',
        minLength: 1,
        maxLength: 1000,
      },
      paths: PATHS,
      limit: { description: 'Results at most', type: 'integer', minimum: 1, maximum: 50, default: 10 },
      mode: {
        description: 'hybrid, by words and by meaning, unless told otherwise',
        type: 'string',
        enum: ['hybrid', 'vector', 'keyword'],
      },
      kinds: {
        description: 'Only items of these kinds',
        type: 'array',
        items: { type: 'string', enum: KINDS },
        minItems: 1,
        maxItems: KINDS.length,
      },
      globs: {
        description: 'Only files that match, like src/net/**; with ! before it, only others',
        type: 'array',
        items: { type: 'string', minLength: 1, maxLength: 256 },
        minItems: 1,
        maxItems: 16,
      },
      content: { description: 'Return the whole items too', type: 'boolean', default: false },
    },
    ['query'],
  ),
  output: async () => outputOf((await import('../../../schemas/search.schema.json')).default),
  run,
});

async function run(call: Call, args: Args): Promise<Answer> {
  const { host, layout, kept, progress, scope } = call;
  const targets = await targetsIn(host, scope, args.paths ?? []);
  const roots = targets.map(({ root }) => root.root);
  const request = {
    query: args.query,
    like: null,
    mode: args.mode ?? null,
    limit: args.limit,
    unit: 'item' as const,
    kinds: args.kinds ?? null,
    allows: args.globs === undefined ? null : pathFilter(args.globs),
    content: args.content ? ('whole' as const) : ('matches' as const),
  };
  // Many repositories at once are looked at as the command line's `--all` does.
  const when = args.paths === undefined && scope.tracked.length > 0 ? 'what is shown' : 'first';
  const embedder = await kept.embedder(targets);
  const context = { host, layout, pool: kept.pool, progress, embedder };
  const report = await kept.turns.take(roots, host.signal, () =>
    searchTargets(context, targets, request, when),
  );
  const structured = withinBudget(report);
  const naming = namingIn(roots);
  const text = searchText(structured, {
    color: false,
    scores: false,
    shown: ({ root, path }) => naming.path(root, path),
  });
  return { structured, text: `${naming.head}${text}` };
}

/** Characters of whole items in one answer. */
const CONTENT = 60_000;

/** Beyond the budget items are told without their text. */
function withinBudget(report: SearchReport): SearchReport {
  let left = CONTENT;
  let cut = 0;
  const results = report.results.map((result) => {
    const { content, ...rest } = result;
    if (content === undefined) return result;
    left -= content.length;
    if (left >= 0) return result;
    cut += 1;
    return rest;
  });
  if (cut === 0) return report;
  const message = `the text of ${cut} of ${results.length} results is left out: read their lines, or ask for fewer`;
  return { ...report, results, notices: [...report.notices, trimmed(message)] };
}
