import { deliver } from '../pipeline/deliver.ts';
import { createPool } from '../pipeline/pool.ts';
import { targetsFor } from '../pipeline/targets.ts';
import { reportJson } from '../report/json.ts';
import { printable } from '../util/printable.ts';
import type { CommandModule } from './command.ts';
import { absolutePath, countOption, formatOf, noteOf, outputOption } from './common.ts';

const FORMATS = ['text', 'json', 'markdown'] as const;
const LIMIT = 50;

export const unsafeCommand: CommandModule = {
  define(command) {
    command
      .argument('[path...]', 'repositories, or files and folders inside of one; the current folder', ['.'])
      .option('--format <format>', FORMATS.join(', '))
      .option('-o, --output <file>', 'write the report there instead of to stdout')
      .option('--sites', 'show every place, not only those that lack something')
      .option('--tests', 'show places in tests too')
      .option('-n, --limit <n>', 'places shown; the sums and --json count all', countOption, LIMIT)
      .addHelpText('after', EXAMPLES);
  },
  async run(host, paths, options) {
    const format = formatOf(options, FORMATS);
    const output = outputOption(options);
    const { auditUnsafe } = await import('../pipeline/unsafe/audit.ts');
    const { unsafeText } = await import('../report/unsafe.ts');
    const { unsafeMarkdown } = await import('../report/unsafe-markdown.ts');
    const targets = await targetsFor(
      host,
      paths.map((path) => absolutePath(host, path)),
    );
    const pool = createPool();
    const report = await auditUnsafe(host, pool, targets).finally(() => pool.close());
    if (host.signal.aborted) return 130;
    const show = options['sites'] === true ? ('all' as const) : ('gaps' as const);
    const view = { show, tests: options['tests'] === true, limit: Number(options['limit']) };
    if (format !== 'json')
      for (const { message } of report.notices) noteOf(host, options)(printable(message));
    const content = {
      json: () => reportJson(report),
      markdown: () => unsafeMarkdown(report, view),
      text: () => unsafeText(report, view),
    }[format];
    await deliver(host, output, await content());
    return 0;
  },
};

const EXAMPLES = `
What is called, and what it asks of its callers, is found by name: a question mark stands where types would have to
tell. That a requirement is mentioned does not mean that it is met. Commands that are shown are not run.

Examples:
  rustassistant unsafe .                  the sums, and the places that lack something
  rustassistant unsafe src/ring.rs --sites
  rustassistant unsafe . --format markdown -o unsafe.md
`;
