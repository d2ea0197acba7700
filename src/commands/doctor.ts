import type { Host } from '../host.ts';
import { reportJson } from '../report/json.ts';
import { printable } from '../util/printable.ts';
import type { CommandModule, Options } from './command.ts';
import type { TextOrJson } from './common.ts';
import { formatOf, noteOf, TEXT_OR_JSON, wantsColor } from './common.ts';

/** Of a check that failed: nothing that needs it can work. */
const FAILED = 2;

export const doctorCommand: CommandModule = {
  define(command) {
    command
      .option('--cron', 'print a line for crontab that analyses the tracked repositories each night')
      .option('--format <format>', 'text or json', 'text')
      .addHelpText('after', EXAMPLES);
  },
  async run(host, _args, options) {
    const format = formatOf(options, TEXT_OR_JSON);
    return options['cron'] === true ? printCron(host, format, options) : printChecks(host, format, options);
  },
};

const EXAMPLES = `
Examples:
  rustassistant doctor
  (crontab -l; rustassistant doctor --cron) | crontab -
  rustassistant doctor --json | jq '.checks[] | select(.status != "ok")'

It changes nothing and opens no connection. Exit status: 0 nothing failed; 2 something did.
`;

async function printCron(host: Host, format: TextOrJson, options: Options): Promise<number> {
  const { cronReport } = await import('../pipeline/doctor/cron.ts');
  const script = process.argv[1] ?? '';
  const report = await cronReport(host, { node: process.execPath, script });
  if (format === 'json') host.stdout.write(reportJson(report));
  else {
    // The line alone stands on stdout, so that it can be handed on.
    for (const note of report.notes) noteOf(host, options)(printable(note));
    host.stdout.write(`${report.line}\n`);
  }
  return 0;
}

async function printChecks(host: Host, format: TextOrJson, options: Options): Promise<number> {
  const [{ doctor }, { doctorText }] = await Promise.all([
    import('../pipeline/doctor/doctor.ts'),
    import('../report/doctor.ts'),
  ]);
  const report = await doctor(host);
  const color = wantsColor(options, host.env, host.stdout);
  const shown =
    options['quiet'] === true ? report.checks.filter(({ status }) => status !== 'ok') : report.checks;
  const text = format === 'json' ? reportJson(report) : doctorText({ ...report, checks: shown }, color);
  host.stdout.write(text);
  return report.status === 'fail' ? FAILED : 0;
}
