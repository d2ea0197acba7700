import type { CommandModule } from './command.ts';
import { absolutePath, noteOf, verboseOf } from './common.ts';

export const mcpCommand: CommandModule = {
  define(command) {
    command
      .option('--root <path...>', 'folders that may be read where the client names none; the current folder')
      .option('--all', 'the tracked repositories may be read too (rustassistant repo)')
      .addHelpText('after', EXAMPLES);
  },
  async run(host, _args, options) {
    const { serve } = await import('../mcp/serve.ts');
    const given = (options['root'] ?? []) as readonly string[];
    return serve(host, {
      roots: given.map((path) => absolutePath(host, path)),
      tracked: options['all'] === true,
      note: noteOf(host, options),
      say: verboseOf(host, options),
    });
  },
};

const EXAMPLES = `
Examples:
  rustassistant mcp                     for the client's folders, else the current one
  rustassistant mcp --root ~/code/crate
  rustassistant mcp --all               the tracked repositories too

An agent starts it: {"mcpServers": {"rustassistant": {"command": "rustassistant", "args": ["mcp"]}}}
It speaks the Model Context Protocol on stdin and stdout until stdin is closed. Its tools send nothing, cost nothing
and write no source file; a path outside of the folders is refused.
`;
