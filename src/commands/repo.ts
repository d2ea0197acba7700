import type { Command } from 'commander';
import { resolveHome } from '../config/home.ts';
import { existingLayout } from '../pipeline/home.ts';
import { addTracked, listTracked, removeTracked } from '../pipeline/tracked.ts';
import { reportJson } from '../report/json.ts';
import type { RepoReport } from '../report/repo.ts';
import { changedText, listText } from '../report/repo.ts';
import { openLayout } from '../store/layout.ts';
import type { CommandModule } from './command.ts';
import { absolutePath, formatOf, TEXT_OR_JSON } from './common.ts';

export const repoCommand: CommandModule = {
  define,
  async run(host, [part = '', ...given], options) {
    const format = formatOf(options, TEXT_OR_JSON);
    const home = resolveHome(host.env);
    const paths = given.map((path) => absolutePath(host, path));
    const print = async (report: RepoReport, text: () => string | Promise<string>): Promise<number> => {
      host.stdout.write(format === 'json' ? reportJson(report) : await text());
      return 0;
    };
    switch (part) {
      case 'add': {
        const which = options['recursive'] === true ? 'below' : 'around';
        const report = await addTracked(host, openLayout(home), paths, which);
        return print(report, () => changedText(report, 'added'));
      }
      case 'remove': {
        const report = await removeTracked(openLayout(home), paths);
        return print(report, () => changedText(report, 'removed'));
      }
      default: {
        const report = await listTracked(existingLayout(home));
        return print(report, () => listText(report));
      }
    }
  },
};

function define(command: Command): void {
  const part = (name: string, about: string): Command =>
    command.command(name).description(about).option('--format <format>', 'text or json', 'text');
  part('add <path...>', 'Tracks repositories: --all means them.').option(
    '--recursive',
    'every repository with Rust code below the folders',
  );
  part('list', 'The tracked repositories.');
  part('remove <path...>', 'Forgets repositories; what is stored of them stays until it is pruned.');
  command.addHelpText('afterAll', EXAMPLES);
}

const EXAMPLES = `
Examples:
  rustassistant repo add ~/code/tidewater
  rustassistant repo add --recursive ~/code
  rustassistant analyze --all

Nothing is read or sent by adding a repository.
`;
