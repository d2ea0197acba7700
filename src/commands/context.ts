import type { Command } from 'commander';
import { resolveHome } from '../config/home.ts';
import { reportJson } from '../report/json.ts';
import { printable } from '../util/printable.ts';
import type { CommandModule } from './command.ts';
import { countOption, formatOf, listOption, noteOf, TEXT_OR_JSON } from './common.ts';
import { searchTargets } from './search-targets.ts';
import { whileSearching } from './searching.ts';

export const contextCommand: CommandModule = {
  define,
  async run(host, [task = ''], options) {
    const format = formatOf(options, TEXT_OR_JSON);
    const tokens = options['tokens'] as number;
    const [{ openLayout }, { packContext }, { countTokens }] = await Promise.all([
      import('../store/layout.ts'),
      import('../pipeline/search/context-pack.ts'),
      import('gpt-tokenizer/encoding/o200k_base'),
    ]);
    const layout = openLayout(resolveHome(host.env));
    const paths = (options['repo'] ?? []) as readonly string[];
    const targets = await searchTargets(host, layout, options, { paths });
    // What looks like a tokenizer's own mark in someone's code is text.
    const count = (text: string): number => countTokens(text, { disallowedSpecial: new Set() });
    const { report } = await whileSearching(host, options, { layout, targets }, (context) =>
      packContext(context, targets, { task, tokens, count }),
    );
    if (host.signal.aborted) return 130;
    const note = noteOf(host, options);
    for (const { message } of report.notices) note(printable(message));
    if (format === 'json') host.stdout.write(reportJson(report));
    else host.stdout.write(report.text);
    return 0;
  },
};

function define(command: Command): void {
  command
    .argument('<task>', 'what is to be done or understood, in a few words')
    .option('--tokens <n>', 'the most that the pack may have (o200k_base)', countOption, 12_000)
    .option('--repo <path>', 'this repository or part of one; more than once for several', listOption)
    .option('--all', 'the tracked repositories (rustassistant repo)')
    .option('--format <format>', 'text or json', 'text')
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Examples:
  rustassistant context "add a timeout to the connection pool" | wl-copy
  rustassistant context --tokens 8000 "where are retries decided"

The pack holds the items found, the blocks and imports around them, and the signatures and types that they mention.
Nothing leaves the machine.
`;
