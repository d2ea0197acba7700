import { resolveHome } from '../config/home.ts';
import { UserError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { Decided, Where } from '../pipeline/findings/decide.ts';
import type { Target } from '../pipeline/targets.ts';
import { targetsFor } from '../pipeline/targets.ts';
import type { FindingsChangeReport, FindingsReport } from '../report/findings.ts';
import { reportJson } from '../report/json.ts';
import type { Report } from '../report/model.ts';
import type { Located } from '../report/select.ts';
import { shownFindings, suppressedFindings } from '../report/select.ts';
import type { Layout } from '../store/layout.ts';
import { openLayout } from '../store/layout.ts';
import { REPORT_SCHEMA_VERSION } from '../version.ts';
import type { Options } from './command.ts';
import type { TextOrJson } from './common.ts';
import { absolutePath, noteOf, textOption } from './common.ts';
import { progressFor } from './progress.ts';
import { severityOf } from './view.ts';

/** Returns what is printed. */
type Part = (host: Host, ids: readonly string[], options: Options, format: TextOrJson) => Promise<string>;

export const FINDINGS_PARTS: Readonly<Record<string, Part>> = {
  list: async (host, _ids, options, format) => {
    const severity = severityOf(options['severity'], '--severity') ?? (format === 'text' ? 'medium' : 'info');
    const { report } = await now(host, options);
    const [{ files = [] } = {}] = report.repositories;
    const found = [...shownFindings(files, severity), ...suppressedFindings(files, severity)];
    const listed = listedOf(report, found);
    const { findingsListText } = await import('../report/findings.ts');
    return format === 'json' ? reportJson(listed) : findingsListText(listed);
  },
  show: async (host, ids, options, format) => {
    const { report, named } = await now(host, options);
    const listed = listedOf(report, await named(ids));
    const { findingsShowText } = await import('../report/findings.ts');
    return format === 'json' ? reportJson(listed) : findingsShowText(listed);
  },
  dismiss: async (host, ids, options, format) => {
    const reason = reasonOf(options);
    const { target, layout, named } = await now(host, options);
    const { dismiss } = await import('../pipeline/findings/decide.ts');
    const decision = { layout, root: target.root, where: whereOf(options) };
    const at = new Date(host.now()).toISOString();
    return told('dismissed', await dismiss(decision, await named(ids), { reason, at }), format);
  },
  restore: async (host, ids, options, format) => {
    const { target, layout, named } = await now(host, options);
    const { restore } = await import('../pipeline/findings/decide.ts');
    const decision = { layout, root: target.root, where: whereOf(options) };
    return told('restored', await restore(decision, await named(ids)), format);
  },
  export: async (host, _ids, options, format) => {
    const layout = openLayout(resolveHome(host.env));
    const { root } = await targetOf(host, options);
    const { share } = await import('../pipeline/findings/decide.ts');
    return told('exported', await share(layout, root), format);
  },
};

interface Now {
  readonly target: Target;
  readonly layout: Layout;
  readonly report: Report;
  /** The findings of these ids, whatever their severity. */
  named(ids: readonly string[]): Promise<Located[]>;
}

/** What is known of the repository now. */
async function now(host: Host, options: Options): Promise<Now> {
  const target = await targetOf(host, options);
  const layout = openLayout(resolveHome(host.env));
  const [{ createPool }, { currentReport }, progress] = await Promise.all([
    import('../pipeline/pool.ts'),
    import('../pipeline/findings/current.ts'),
    progressFor(host, options),
  ]);
  const pool = createPool();
  try {
    const context = { host, layout, progress, pool, note: noteOf(host, options) };
    const { report } = await currentReport(context, [target], { kind: 'all' });
    const [{ files = [] } = {}] = report.repositories;
    const all = [...shownFindings(files, 'info'), ...suppressedFindings(files, 'info')];
    const { findingsNamed } = await import('../pipeline/findings/find.ts');
    return { target, layout, report, named: async (ids) => findingsNamed(all, ids) };
  } finally {
    await pool.close();
  }
}

async function targetOf(host: Host, options: Options): Promise<Target> {
  const path = absolutePath(host, textOption(options, 'repo') ?? '.');
  const [target] = await targetsFor(host, [path]);
  if (target === undefined) throw new Error('a path without a repository');
  return { ...target, prefixes: [''] };
}

function listedOf({ repositories, notices }: Report, found: readonly Located[]): FindingsReport {
  const findings = found.map(({ path, finding }) => ({ path, ...finding }));
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    repositories: repositories.map(({ id, path }) => ({ id, path, findings })),
    notices,
  };
}

async function told(
  change: FindingsChangeReport['change'],
  decided: Decided,
  format: TextOrJson,
): Promise<string> {
  const report = { schemaVersion: REPORT_SCHEMA_VERSION, change, ...decided };
  const { findingsChangeText } = await import('../report/findings.ts');
  return format === 'json' ? reportJson(report) : findingsChangeText(report);
}

function whereOf(options: Options): Where {
  return options['shared'] === true ? 'shared' : 'own';
}

const LONGEST_REASON = 500;

function reasonOf(options: Options): string {
  const reason = (textOption(options, 'reason') ?? '').trim();
  if (/\p{Letter}{2}/u.test(reason) && reason.length <= LONGEST_REASON) return reason;
  const hint = `Whoever meets it later wants to know why, in at most ${LONGEST_REASON} characters.`;
  throw new UserError('usage', '--reason says nothing, or too much', hint);
}
