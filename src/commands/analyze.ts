import type { Target } from '../app.ts';
import { targetsFor } from '../app.ts';
import { resolveHome } from '../config/home.ts';
import { UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { Report } from '../report/model.ts';
import type { Severity } from '../types.ts';
import { SEVERITIES } from '../types.ts';
import { byteSize } from '../util/numbers.ts';
import type { CommandModule, Options } from './command.ts';
import { absolutePath, formatOf, wantsColor } from './common.ts';

const FORMATS = ['text', 'short', 'json'] as const;
/** As many findings are shown at full length. */
const WORST = 20;

export const analyzeCommand: CommandModule = {
  define(command) {
    command
      .argument('[path...]', 'repositories, or files and folders inside of one', ['.'])
      .option('--provider <provider>', 'auto, local, xai or openai-compatible')
      .option('--model <model>', 'the model that is asked')
      .option('--since <ref>', 'only files changed since this commit, branch or tag')
      .option('--format <format>', `${FORMATS.join(', ')}`)
      .option('-o, --output <file>', 'write the report there instead of to stdout')
      .option('--severity <least>', 'the mildest finding shown (text: medium; else info)')
      .option('--fail-on <severity>', 'exit with 1 where a finding is of this severity or worse')
      .addHelpText('after', EXAMPLES);
  },
  async run(host, paths, options) {
    const { analyze } = await import('../pipeline/analyze.ts');
    const { openLayout } = await import('../store/layout.ts');
    const { createProgress, SILENT } = await import('../report/progress.ts');
    const view = viewOf(options);
    const targets = await targetsFor(
      host,
      paths.map((path) => absolutePath(host, path)),
      { flags: { 'llm.provider': text(options['provider']), 'llm.model': text(options['model']) } },
    );
    const layout = openLayout(resolveHome(host.env));
    const progress = options['quiet'] === true ? SILENT : createProgress(host.stderr, host.now);
    const report = await analyze(
      { host, layout, progress, reviewer: null },
      { targets, since: text(options['since']) ?? null, detail: view.detail },
    );
    await deliver(host, options, await render(host, report, targets, view, options));
    return exitStatus(host, report, view.failOn);
  },
};

const EXAMPLES = `
Examples:
  rustassistant analyze .                      local rules; with a key also the LLM
  rustassistant analyze . --dry-run            what would be sent, and its price
  rustassistant analyze --since main --fail-on high --format short

Exit status: 0 done; 1 findings at or above --fail-on; 2 a mistake in the command; 3 incomplete; 130 interrupted.
`;

interface View {
  readonly format: (typeof FORMATS)[number];
  readonly severity: Severity;
  readonly failOn: Severity | null;
  readonly detail: { readonly kind: 'worst'; readonly limit: number } | { readonly kind: 'all' };
}

function viewOf(options: Options): View {
  const format = FORMATS.find((known) => known === formatOf(options));
  if (format === undefined) {
    throw new UserError('usage', `there is no format "${formatOf(options)}"`, `Known: ${FORMATS.join(', ')}.`);
  }
  const severity = severityOf(options['severity'], '--severity') ?? (format === 'text' ? 'medium' : 'info');
  const worst = format === 'text' && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf('medium');
  return {
    format,
    severity,
    failOn: severityOf(options['failOn'], '--fail-on'),
    detail: worst ? { kind: 'worst', limit: WORST } : { kind: 'all' },
  };
}

function severityOf(value: unknown, flag: string): Severity | null {
  if (value === undefined) return null;
  const known = SEVERITIES.find((severity) => severity === value);
  if (known !== undefined) return known;
  throw new UserError('usage', `${flag} takes no "${String(value)}"`, `Known: ${SEVERITIES.join(', ')}.`);
}

async function render(
  host: Host,
  report: Report,
  targets: readonly Target[],
  view: View,
  options: Options,
): Promise<string> {
  switch (view.format) {
    case 'json':
      return (await import('../report/json.ts')).renderJson(report, view.severity);
    case 'short':
      return (await import('../report/short.ts')).renderShort(report, view.severity);
    case 'text': {
      const { renderText } = await import('../report/text.ts');
      const maxFileSize = targets[0]?.config.settings.analysis.maxFileSize ?? 0;
      return renderText(report, {
        color: options['output'] === undefined && wantsColor(options, host.env, host.stdout),
        severity: view.severity,
        limit: WORST,
        maxFileSize: byteSize(maxFileSize),
        hints: [],
      });
    }
    default:
      return view.format satisfies never;
  }
}

async function deliver(host: Host, options: Options, content: string): Promise<void> {
  const output = text(options['output']);
  if (output === undefined || output === '-') {
    host.stdout.write(content);
    return;
  }
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await writeFileAtomic(absolutePath(host, output), content);
}

function exitStatus(host: Host, report: Report, failOn: Severity | null): number {
  if (host.signal.aborted) return 130;
  const counts = (severity: Severity) =>
    report.repositories.reduce((sum, { summary }) => sum + summary.findings[severity], 0);
  if (failOn !== null) {
    const grave = SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
    if (grave.some((severity) => counts(severity) > 0)) return 1;
  }
  return report.repositories.some(({ summary }) => summary.files.failed > 0) ? 3 : 0;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
