import { printable } from '../util/printable.ts';
import { REPORT_SCHEMA_VERSION } from '../version.ts';
import { targetsFor } from '../pipeline/targets.ts';
import { resolveHome } from '../config/home.ts';
import { reportJson } from '../report/json.ts';
import type { CommandModule } from './command.ts';
import { absolutePath, formatOf, TEXT_OR_JSON } from './common.ts';

export const configCommand: CommandModule = {
  define(command) {
    command
      .argument('[path]', 'the repository whose .rustassistant.toml counts too', '.')
      .option('--format <format>', 'text or json', 'text')
      .addHelpText(
        'after',
        '\nExamples:\n  rustassistant config\n  rustassistant config --json | jq .settings',
      );
  },
  async run(host, [path = '.'], options) {
    const format = formatOf(options, TEXT_OR_JSON);
    const { describeSettings } = await import('../config/describe.ts');
    const home = resolveHome(host.env);
    const [target] = await targetsFor(host, [absolutePath(host, path)]);
    if (target === undefined) return 0;
    const { config } = target;
    const rows = describeSettings(config);
    if (format === 'json') {
      const body = { schemaVersion: REPORT_SCHEMA_VERSION, home, settings: rows, notices: config.notices };
      host.stdout.write(reportJson(body));
      return 0;
    }
    const width = Math.max(...rows.map(({ key, value }) => key.length + value.length)) + 5;
    host.stdout.write(`home ${printable(home)}\n\n`);
    for (const { key, value, origin } of rows) {
      const setting = value === '' ? key : `${key} = ${value}`;
      host.stdout.write(`${printable(`${setting.padEnd(width)} # ${origin}`)}\n`);
    }
    for (const { message } of config.notices) host.stdout.write(`note: ${printable(message)}\n`);
    return 0;
  },
};
