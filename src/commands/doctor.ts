import type { CommandModule } from './command.ts';
import { formatOf, TEXT_OR_JSON, wantsColor } from './common.ts';

/** Of a check that failed: nothing that needs it can work. */
const FAILED = 2;

export const doctorCommand: CommandModule = {
  define(command) {
    command.option('--format <format>', 'text or json', 'text').addHelpText(
      'after',
      `
Examples:
  rustassistant doctor
  rustassistant doctor --json | jq '.checks[] | select(.status != "ok")'

It changes nothing and opens no connection. Exit status: 0 nothing failed; 2 something did.
`,
    );
  },
  async run(host, _args, options) {
    const format = formatOf(options, TEXT_OR_JSON);
    const [{ doctor }, { doctorJson, doctorText }] = await Promise.all([
      import('../pipeline/doctor/doctor.ts'),
      import('../report/doctor.ts'),
    ]);
    const report = await doctor(host);
    const color = wantsColor(options, host.env, host.stdout);
    const shown =
      options['quiet'] === true ? report.checks.filter(({ status }) => status !== 'ok') : report.checks;
    const text = format === 'json' ? doctorJson(report) : doctorText({ ...report, checks: shown }, color);
    host.stdout.write(text);
    return report.status === 'fail' ? FAILED : 0;
  },
};
