import { resolveHome } from '../config/home.ts';
import { reportJson } from '../report/json.ts';
import type { CommandModule } from './command.ts';
import { formatOf, TEXT_OR_JSON } from './common.ts';
import { searchTargets } from './search-targets.ts';
import { whileSearching } from './searching.ts';

export const indexCommand: CommandModule = {
  define(command) {
    command
      .argument('[path...]', 'repositories; the one around the current folder')
      .option('--all', 'the tracked repositories (rustassistant repo)')
      .option('--format <format>', 'text or json', 'text')
      .addHelpText('after', EXAMPLES);
  },
  async run(host, paths, options) {
    const format = formatOf(options, TEXT_OR_JSON);
    const [{ openLayout }, { indexTargets }, { indexText }] = await Promise.all([
      import('../store/layout.ts'),
      import('../pipeline/search/index-targets.ts'),
      import('../report/index-report.ts'),
    ]);
    const layout = openLayout(resolveHome(host.env));
    const targets = await searchTargets(host, layout, options, { paths });
    const report = await whileSearching(host, options, { layout, targets }, (context) =>
      indexTargets(context, targets),
    );
    if (host.signal.aborted) return 130;
    host.stdout.write(format === 'json' ? reportJson(report) : indexText(report));
    return 0;
  },
};

const EXAMPLES = `
Examples:
  rustassistant index                  what has changed, of the repository around here
  rustassistant index --all            of the tracked repositories: one line for cron

A search does this by itself; here the time is spent beforehand. Nothing leaves the machine. Generated files are
left out: those that say so at their top, and those of more than 5,000 lines or with lines of over 20,000 characters.
`;
