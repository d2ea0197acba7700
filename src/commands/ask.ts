import type { Command } from 'commander';
import { join, relative } from 'node:path';
import { budgetFlag, requireBudget } from '../config/budget.ts';
import type { FlagValues } from '../config/given.ts';
import { resolveHome } from '../config/home.ts';
import { UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { ConsentQuestion } from '../pipeline/paid/purchase.ts';
import type { Endpoint } from '../pipeline/paid/review.ts';
import { decisionFor } from '../pipeline/paid/reviewing.ts';
import type { Target } from '../pipeline/targets.ts';
import { reportJson } from '../report/json.ts';
import type { Layout } from '../store/layout.ts';
import type { CommandModule, Options } from './command.ts';
import { countOption, formatOf, listOption, TEXT_OR_JSON, textOption } from './common.ts';
import { askConsent, canAsk } from './consent.ts';
import { searchTargets } from './search-targets.ts';
import { whileSearching } from './searching.ts';

export const askCommand: CommandModule = {
  define,
  async run(host, [question = ''], options) {
    const format = formatOf(options, TEXT_OR_JSON);
    const budget = budgetFlag(textOption(options, 'budget'));
    const [{ openLayout }, { ask }, { askText }, { countTokens }] = await Promise.all([
      import('../store/layout.ts'),
      import('../pipeline/search/ask.ts'),
      import('../report/ask.ts'),
      import('gpt-tokenizer/encoding/o200k_base'),
    ]);
    const layout = openLayout(resolveHome(host.env));
    const paths = (options['repo'] ?? []) as readonly string[];
    const targets = await searchTargets(host, layout, options, { paths, flags: flagsOf(options) });
    const endpoint = endpointFor(host, layout, targets, options);
    if (!endpoint.free) requireBudget(host.env, budget);
    const request = {
      task: question,
      tokens: options['tokens'] as number,
      count: (text: string) => countTokens(text, { disallowedSpecial: new Set() }),
      endpoint,
      budget,
      askConsent: (asked: ConsentQuestion) => askConsent(host, asked),
    };
    const report = await whileSearching(host, options, { layout, targets }, (context) =>
      ask(context, targets, request),
    );
    const shown = options['quiet'] === true ? { ...report, notices: [] } : report;
    host.stdout.write(
      format === 'json'
        ? reportJson(report)
        : askText(shown, ({ root, path }) => relative(host.cwd, join(root, path))),
    );
    return 0;
  },
};

function flagsOf(options: Options): FlagValues {
  return { 'llm.provider': textOption(options, 'provider'), 'llm.model': textOption(options, 'model') };
}

/** Throws UserError `no-provider` where no LLM is to be asked. */
function endpointFor(host: Host, layout: Layout, [first]: readonly Target[], options: Options): Endpoint {
  if (first === undefined) throw new Error('a question about nothing');
  const consent = options['yes'] === true ? 'yes' : canAsk(host) ? 'ask' : 'none';
  const decision = decisionFor({ host, layout, mode: 'run', consent }, first);
  if (decision.kind === 'llm') return decision;
  const hint = 'The code that it is about, without an LLM: rustassistant context "<task>"';
  throw new UserError('no-provider', `a question needs an LLM: ${decision.why}`, hint);
}

function define(command: Command): void {
  command
    .argument('<question>', 'what you want to know about the code')
    .option('--tokens <n>', 'code that is sent at most (o200k_base)', countOption, 8_000)
    .option('--repo <path>', 'this repository or part of one; more than once for several', listOption)
    .option('--all', 'the tracked repositories (rustassistant repo)')
    .option('--provider <provider>', 'auto, xai or openai-compatible')
    .option('--model <model>', 'the model that is asked')
    .option('--budget <usd>', 'the most that it may cost')
    .option('--yes', 'agree to send code to the provider')
    .option('--format <format>', 'text or json', 'text')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Examples:
  rustassistant ask "who closes idle connections, and when?"
  rustassistant ask --budget 0.02 --json "which locks are held across await?"

What is found for the question is sent with it (see: rustassistant context), secrets taken out. What the model cites is
looked up in it; a citation that stands nowhere is left out. The same question about the same code is paid for once.
`;
