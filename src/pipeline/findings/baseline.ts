import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { difference, lessCounts } from '../../cache/news.ts';
import type { ToldFinding } from '../../cache/told.ts';
import { toldOf } from '../../cache/told.ts';
import { messageOf, UserError } from '../../errors.ts';
import { repoId } from '../../repo/root.ts';
import type { News, RepositoryReport } from '../../report/model.ts';
import type { Finding } from '../../types/finding.ts';
import { SEVERITIES } from '../../types/finding.ts';
import { countsOf } from '../../util/severity.ts';
import type { Target } from '../targets.ts';
import { newsIn } from './news.ts';

/** The findings of an earlier report, by repository and file. */
export interface Baseline {
  readonly repositories: readonly BaselineRepository[];
}

interface BaselineRepository {
  readonly id: string;
  readonly path: string;
  readonly files: ReadonlyMap<string, readonly ToldFinding[]>;
}

const MAX_FILE = 512 * 2 ** 20;
const HINT = 'Make one with: rustassistant analyze . --format json -o baseline.json';

/** Reads a report of `analyze --format json`. Throws UserError `bad-baseline` where it is none. */
export function readBaseline(path: string): Baseline {
  try {
    if (statSync(path).size > MAX_FILE) throw new Error('it is too large');
    const report: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return { repositories: listIn(report, 'repositories').map(repositoryOf) };
  } catch (error) {
    throw new UserError('bad-baseline', `${path} is no baseline: ${messageOf(error)}`, HINT);
  }
}

type Members = Readonly<Record<string, unknown>>;

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = (value as Members | null)?.[name];
  if (!Array.isArray(list)) throw new Error(`it has no ${name}`);
  return list;
}

function textIn(value: unknown, name: string): string {
  const text = (value as Members | null)?.[name];
  if (typeof text !== 'string') throw new Error(`something in it has no ${name}`);
  return text;
}

function repositoryOf(value: unknown): BaselineRepository {
  const files = listIn(value, 'files').map((file) => {
    const path = textIn(file, 'path');
    return [path, listIn(file, 'findings').map((finding) => findingOf(finding, path))] as const;
  });
  return { id: textIn(value, 'id'), path: textIn(value, 'path'), files: new Map(files) };
}

function findingOf(value: unknown, path: string): ToldFinding {
  const [id, rule, item, quote] = ['id', 'rule', 'item', 'quote'].map((name) => textIn(value, name));
  const severity = SEVERITIES.find((known) => known === textIn(value, 'severity'));
  if (severity === undefined) throw new Error('something in it has an unknown severity');
  const suppressed = (value as Members)['suppressed'];
  const finding = {
    id,
    rule,
    item,
    quote,
    severity,
    ...(suppressed === undefined ? {} : { suppressed: '' }),
  };
  return toldOf(finding as Finding, path);
}

/**
 * The report with what is new since a baseline. `gone`: whether a file is there no more; what was found in files that
 * were not looked at is left out of it. Throws UserError `bad-baseline` where it is about other repositories.
 */
export function sinceBaseline(
  report: RepositoryReport,
  baseline: Baseline,
  gone: (path: string) => boolean,
): RepositoryReport {
  const before = repositoryIn(baseline, report).files;
  const looked = report.files.filter(({ status }) => status !== 'failed' && status !== 'skipped');
  const changes = looked.map(({ path, findings, complete }) => ({
    before: before.get(path) ?? [],
    now: findings.map((finding) => toldOf(finding, path)),
    complete,
  }));
  const lost = [...before]
    .filter(([path]) => gone(path))
    .map(([, findings]) => ({ before: findings, now: [], complete: true }));
  const compared = difference([...changes, ...lost]);
  const open = changes.flatMap(({ now }) => now.filter(({ suppressed }) => !suppressed));
  const news: News = {
    since: 'baseline',
    kept: lessCounts(countsOf(open), compared.new),
    ...newsIn(compared),
  };
  return withNewChanged({ ...report, summary: { ...report.summary, news } }, compared.added);
}

/** Under `--since` what counts is what is both of an item that changed and new. */
function withNewChanged(report: RepositoryReport, newIds: ReadonlySet<string>): RepositoryReport {
  if (report.summary.changed === undefined) return report;
  const all = report.files.flatMap(({ findings }) => findings);
  const both = all.filter(({ id, changed }) => changed === true && newIds.has(id));
  return { ...report, summary: { ...report.summary, changed: countsOf(both) } };
}

/** Throws UserError `bad-baseline` where it says nothing of one of them; before anything is done. */
export function requireAbout(baseline: Baseline, targets: readonly Target[]): void {
  const [only, second] = baseline.repositories;
  if (only !== undefined && second === undefined && targets.length > 1) {
    const message = `the baseline is about one repository, and these are ${targets.length}`;
    throw new UserError('bad-baseline', message, 'Run it for each.');
  }
  for (const { root } of targets) repositoryIn(baseline, { id: repoId(root), path: root.root });
}

/** By its id; where there is but one, or one that is called the same, another machine made it. */
function repositoryIn(
  { repositories }: Baseline,
  { id, path }: Pick<RepositoryReport, 'id' | 'path'>,
): BaselineRepository {
  const same = repositories.find((one) => one.id === id);
  const [only, second] = repositories;
  const found =
    same ?? (second === undefined ? only : repositories.find((one) => basename(one.path) === basename(path)));
  if (found !== undefined) return found;
  throw new UserError('bad-baseline', `the baseline says nothing of ${path}`, HINT);
}
