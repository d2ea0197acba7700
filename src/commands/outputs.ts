import { isCi } from '../config/budget.ts';
import { KEYS } from '../config/keys.ts';
import type { Host } from '../host.ts';
import { deliver } from '../pipeline/deliver.ts';
import type { Target } from '../pipeline/targets.ts';
import { render, WITHOUT_NOTES } from '../report/formats.ts';
import type { Report } from '../report/model.ts';
import { newsOf } from '../report/news.ts';
import { printable } from '../util/printable.ts';
import type { Options } from './command.ts';
import { noteOf, wantsColor } from './common.ts';
import type { View, Wanted } from './view.ts';
import { WORST } from './view.ts';

/** What was asked for, and why the LLM has no part in it (`''`: it has). */
export interface Asked {
  readonly targets: readonly Target[];
  /** What of the command line names it. */
  readonly typed: string;
  readonly why: string;
}

/**
 * Writes the report in each wanted form: to files first, so that they are there when stdout says so. What cannot be
 * written is thrown once the others are there. Where all went well (`status` 0), `--quiet` prints the text of what is
 * new alone, and nothing where nothing is.
 */
export async function writeOutputs(
  host: Host,
  report: Report,
  asked: Asked,
  { outputs }: View,
  options: Options,
  status: number,
): Promise<void> {
  if (WITHOUT_NOTES.has(outputs[0].format)) {
    const note = noteOf(host, options);
    for (const { message } of report.notices) note(printable(message));
    // Who reads a log of a machine has no other way to learn it.
    if (asked.why !== '' && isCi(host.env)) note(`local rules only: ${asked.why}`);
  }
  const failures: unknown[] = [];
  for (const wanted of outputs.toReversed()) {
    const newsAlone =
      options['quiet'] === true && status === 0 && wanted.file === undefined && wanted.format === 'text';
    const shown = newsAlone ? newsOf(report) : report;
    if (newsAlone && shown.repositories.length === 0) continue;
    const content = await rendered(host, shown, asked, wanted, options);
    await deliver(host, wanted.file, content).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

async function rendered(
  host: Host,
  report: Report,
  { targets, typed, why }: Asked,
  { format, severity, file }: Wanted,
  options: Options,
): Promise<string> {
  const quiet = options['quiet'] === true;
  const shown = quiet && format === 'text' ? { ...report, notices: [] } : report;
  const hint = `LLM review off: ${why}. Its price: rustassistant analyze ${typed} --dry-run`;
  return render(shown, format, {
    severity,
    cwd: host.cwd,
    text: {
      color: file === undefined && wantsColor(options, host.env, host.stdout),
      limit: WORST,
      maxFileSize: shownSize(targets),
      hints: why === '' || quiet ? [] : [hint],
    },
  });
}

/** As it would stand in the file: `1MiB`. */
function shownSize([first]: readonly Target[]): string {
  if (first === undefined) return '';
  const { maxFileSize } = first.config.settings.analysis;
  return KEYS['analysis.max_file_size'].kind.show(maxFileSize).replaceAll('"', '');
}
