import { packContext } from '../../pipeline/search/context-pack.ts';
import type { ContextReport } from '../../report/context.ts';
import { counted } from '../../util/numbers.ts';
import { inputOf, outputOf, PATHS } from '../schema.ts';
import { targetsIn } from '../scope.ts';
import { namingIn, notesText, trimmed } from '../text.ts';
import type { Answer, Call } from '../tool.ts';
import { tool } from '../tool.ts';

interface Args {
  readonly task: string;
  readonly paths?: readonly string[];
  readonly tokens: number;
}

export const contextTool = tool<Args>({
  name: 'context',
  title: 'Pack the code that a task needs',
  description:
    'Returns the Rust code that a task needs, packed into a token budget: the items found for it, the blocks and imports around them, and the signatures and types that they mention. Use it once at the start of a task ("add a timeout to the connection pool", "how are retries decided") instead of many searches and file reads; use search when you want places, not code.',
  input: inputOf(
    {
      task: {
        description: 'What is to be done or understood, in a few words',
        type: 'string',
        minLength: 1,
        maxLength: 2000,
      },
      paths: PATHS,
      tokens: {
        description: 'The most that the pack may have',
        type: 'integer',
        minimum: 200,
        maximum: 50_000,
        default: 8_000,
      },
    },
    ['task'],
  ),
  output: async () => outputOf((await import('../../../schemas/context.schema.json')).default),
  run,
});

async function run(call: Call, { task, tokens, paths = [] }: Args): Promise<Answer> {
  const { host, layout, kept, progress, scope } = call;
  const targets = await targetsIn(host, scope, paths);
  const roots = targets.map(({ root }) => root.root);
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  // What looks like a tokenizer's own mark in someone's code is text.
  const count = (text: string): number => countTokens(text, { disallowedSpecial: new Set() });
  const embedder = await kept.embedder(targets);
  const context = { host, layout, pool: kept.pool, progress, embedder };
  const { report } = await kept.turns.take(roots, host.signal, () =>
    packContext(context, targets, { task, tokens, count }),
  );
  const structured = withoutUnshown(report);
  return {
    structured,
    text: `${namingIn(roots).head}${structured.text}${notesText(structured.notices)}`,
  };
}

/** What had no room is counted, not listed. */
function withoutUnshown(report: ContextReport): ContextReport {
  const items = report.items.filter(({ shown }) => shown !== 'nothing');
  const left = report.items.length - items.length;
  if (left === 0) return report;
  const message = `${counted(left, 'item')} more had no room in ${report.budget} tokens`;
  return { ...report, items, notices: [...report.notices, trimmed(message)] };
}
