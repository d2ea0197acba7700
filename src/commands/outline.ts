import { createPool } from '../pipeline/pool.ts';
import { targetsFor } from '../pipeline/targets.ts';
import { reportJson } from '../report/json.ts';
import { REPORT_SCHEMA_VERSION } from '../version.ts';
import type { CommandModule } from './command.ts';
import { absolutePath, formatOf, noteOf, TEXT_OR_JSON } from './common.ts';

export const outlineCommand: CommandModule = {
  define(command) {
    command
      .argument('[path...]', 'files or folders', ['.'])
      .option('--format <format>', 'text or json', 'text')
      .addHelpText(
        'after',
        '\nExamples:\n  rustassistant outline src/net\n  rustassistant outline --json src/lib.rs',
      );
  },
  async run(host, paths, options) {
    const format = formatOf(options, TEXT_OR_JSON);
    const { outline } = await import('../pipeline/outline.ts');
    const { outlineText } = await import('../report/outline.ts');
    const targets = await targetsFor(
      host,
      paths.map((path) => absolutePath(host, path)),
    );
    const pool = createPool();
    const { files, notices } = await outline(host, pool, targets).finally(() => pool.close());
    for (const { message } of notices) noteOf(host, options)(message);
    const report = { schemaVersion: REPORT_SCHEMA_VERSION, files };
    host.stdout.write(format === 'json' ? reportJson(report) : outlineText(files));
    return 0;
  },
};
