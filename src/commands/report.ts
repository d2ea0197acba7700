import { resolveHome } from '../config/home.ts';
import { existingLayout } from '../pipeline/home.ts';
import { targetsFor } from '../pipeline/targets.ts';
import { reportJson } from '../report/json.ts';
import type { CommandModule } from './command.ts';
import { absolutePath, countOption, formatOf, TEXT_OR_JSON, wantsColor } from './common.ts';
import { trackedPaths, wantsTracked } from './tracked-paths.ts';

/** As many rows of each list are read at a glance. */
const ROWS = 10;

export const reportCommand: CommandModule = {
  define(command) {
    command
      .argument('[path...]', 'repositories, or files and folders inside of one; the current folder')
      .option('--all', 'the tracked repositories (rustassistant repo)')
      .option('-n, --limit <n>', 'rows of each list in the text', countOption, ROWS)
      .option('--format <format>', 'text or json', 'text')
      .addHelpText('after', EXAMPLES);
  },
  async run(host, given, options) {
    const format = formatOf(options, TEXT_OR_JSON);
    const all = wantsTracked(given, options);
    const [{ overviewOf }, { overviewText }] = await Promise.all([
      import('../pipeline/overview/overview.ts'),
      import('../report/overview.ts'),
    ]);
    const layout = existingLayout(resolveHome(host.env));
    const named = (given.length === 0 ? ['.'] : given).map((path) => absolutePath(host, path));
    const targets = await targetsFor(host, all ? await trackedPaths(host, layout, options) : named);
    // A repository that is new among the tracked ones does not hide the others.
    const report = await overviewOf(host, layout, targets, { unstored: all ? 'told' : 'refused' });
    const text = (): Promise<string> =>
      overviewText(options['quiet'] === true ? { ...report, notices: [] } : report, {
        color: wantsColor(options, host.env, host.stdout),
        limit: Number(options['limit'] ?? ROWS),
      });
    host.stdout.write(format === 'json' ? reportJson(report) : await text());
    return 0;
  },
};

const EXAMPLES = `
Examples:
  rustassistant report                    the repository around the current folder
  rustassistant report src/net -n 20      a part of it, longer lists
  rustassistant report --all --json | jq '.repositories[] | {path, findings}'

It tells of what is stored: nothing is parsed, no model is asked. docs/report.md has the formulas.
`;
