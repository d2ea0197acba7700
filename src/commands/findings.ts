import type { Command } from 'commander';
import type { CommandModule } from './command.ts';
import { formatOf, TEXT_OR_JSON } from './common.ts';
import { FINDINGS_PARTS } from './findings-parts.ts';

export const findingsCommand: CommandModule = {
  define,
  async run(host, [part = '', ...args], options) {
    const format = formatOf(options, TEXT_OR_JSON);
    const run = FINDINGS_PARTS[part];
    if (run === undefined) throw new Error(`findings ${part} is declared and not made`);
    host.stdout.write(await run(host, args, options, format));
    return host.signal.aborted ? 130 : 0;
  },
};

function define(command: Command): void {
  const part = (name: string, about: string): Command =>
    command
      .command(name)
      .description(about)
      .option('--format <format>', 'text or json', 'text')
      .option('--repo <path>', 'the repository; the one around the current folder');
  const shared = (about: string): [string, string] => ['--shared', about];
  part('list', 'Findings with their ids, suppressed ones last; sends nothing.').option(
    '--severity <least>',
    'the mildest that is listed (text: medium; else info)',
  );
  part('show <id...>', 'Everything that is known of findings.');
  part('dismiss <id...>', 'Dismisses findings for good: they count as suppressed.')
    .requiredOption('--reason <text>', 'why; whoever meets it later wants to know')
    .option(...shared("in the repository's own file, for the whole team"));
  part('restore <id...>', 'Takes dismissals back.').option(...shared("from the repository's own file"));
  part('export', "Puts what you dismissed into the repository's own file, for the whole team.");
  command.addHelpText('afterAll', EXAMPLES);
}

const EXAMPLES = `
Examples:
  rustassistant findings list
  rustassistant findings dismiss 3f2a91bc --reason "the index was checked by the caller"
  rustassistant findings restore 3f2a91bc
  rustassistant findings export

An id is given by its first digits. A dismissal holds for the rule, the item and the quoted code: it survives moved
lines and other words, not a change of the quoted code itself.
`;
