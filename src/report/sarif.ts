import { constants, gzipSync } from 'node:zlib';
import type { Finding, Severity } from '../types/finding.ts';
import { counted, grouped } from '../util/numbers.ts';
import { clipped, oneLine, printable, printableJson } from '../util/printable.ts';
import type { Report, RepositoryReport } from './model.ts';
import { regionOf, repositoryName, sayings, uriOf } from './place.ts';
import type { Level, SarifRule } from './sarif-rules.ts';
import { LEVELS, sarifRule, sarifRuleId } from './sarif-rules.ts';
import type { Located } from './select.ts';
import { byGravity, shownFindings, suppressedFindings } from './select.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** Code scanning keeps so many of a run, and takes files of up to 10 MB when compressed. */
export const MOST_RESULTS = 5_000;
export const MOST_BYTES = 10_000_000;
/** Results differ in size. */
const MARGIN = 0.9;
const LONGEST_MESSAGE = 800;
const LONGEST_QUOTE = 160;
const LONGEST_ITEM = 300;
/** Files named as failed, and notes. */
const MOST_NOTIFICATIONS = 100;

/**
 * A report as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), on one line, one run for each repository: the
 * worst findings of `least` or worse, suppressed ones last and marked. URIs are relative to their repository's root.
 */
export function renderSarif(report: Report, least: Severity): string {
  const found = report.repositories.map(({ files }) => [
    ...shownFindings(files, least),
    ...suppressedFindings(files, least),
  ]);
  let most = MOST_RESULTS;
  for (;;) {
    const text = `${printableJson(logOf(report, found, worstOf(found, most)))}\n`;
    const bytes = text.length <= MOST_BYTES ? 0 : gzipSync(text, { level: constants.Z_BEST_SPEED }).length;
    if (bytes <= MOST_BYTES || most === 0) return text;
    // Paths can be so long that even so many are too much.
    most = Math.floor((most * MOST_BYTES * MARGIN) / bytes);
  }
}

type FoundByRun = readonly (readonly Located[])[];

function logOf(report: Report, found: FoundByRun, kept: FoundByRun) {
  const { repositories } = report;
  const ids = runIds(repositories);
  const runs = repositories.map((repository, at) => {
    const shown = kept[at] ?? [];
    const notifications = [
      ...cutNotification(found[at] ?? [], shown),
      ...failedNotifications(repository),
      // They are about the whole report.
      ...(at === 0 ? noteNotifications(report) : []),
    ];
    return runOf(report, repository, ids[at] ?? '', shown, notifications);
  });
  return { $schema: SCHEMA, version: '2.1.0', runs };
}

/** Of the findings of each repository those that are among the worst of all. */
function worstOf(found: FoundByRun, most: number): FoundByRun {
  const all = found.flat();
  if (all.length <= most) return found;
  const silent = ({ finding }: Located): number => Number(finding.suppressed !== undefined);
  const worst = all.sort((a, b) => silent(a) - silent(b) || byGravity(a, b)).slice(0, most);
  const kept = new Set(worst);
  return found.map((list) => list.filter((one) => kept.has(one)));
}

/** Code scanning tells runs apart by it; several repositories are told apart by name. */
function runIds(repositories: readonly RepositoryReport[]): string[] {
  if (repositories.length === 1) return ['rustassistant/'];
  const names = repositories.map(({ path }) => printable(repositoryName(path)));
  return repositories.map(({ id }, at) => {
    const name = names[at] ?? '';
    const alone = names.filter((other) => other === name).length === 1;
    return `rustassistant/${name}${alone ? '' : `-${id.slice(0, 8)}`}/`;
  });
}

/** A `run` (3.14). */
function runOf(
  { tool }: Report,
  { summary: { files, news } }: RepositoryReport,
  id: string,
  kept: readonly Located[],
  toolExecutionNotifications: readonly Notification[],
) {
  const rules = rulesOf(kept);
  const indexes = new Map([...rules.keys()].map((rule, index) => [rule, index]));
  const newIds = news?.since === 'baseline' ? new Set(news.newIds) : null;
  return {
    tool: { driver: { ...tool, semanticVersion: tool.version, rules: [...rules.values()] } },
    automationDetails: { id },
    invocations: [{ executionSuccessful: files.failed === 0, toolExecutionNotifications }],
    columnKind: 'unicodeCodePoints',
    results: kept.map((located) => resultOf(located, indexes, newIds)),
  };
}

function rulesOf(found: readonly Located[]): Map<string, SarifRule> {
  const rules = new Map<string, SarifRule>();
  for (const { finding } of found) {
    const id = sarifRuleId(finding);
    if (!rules.has(id)) rules.set(id, sarifRule(finding));
  }
  return rules;
}

/** A `result` (3.27); `indexes` says where its rule stands, `newIds` what is not in the baseline, where there is one. */
function resultOf(
  { path, finding }: Located,
  indexes: ReadonlyMap<string, number>,
  newIds: ReadonlySet<string> | null,
) {
  const { id, item, severity } = finding;
  const ruleId = sarifRuleId(finding);
  return {
    ruleId,
    ruleIndex: indexes.get(ruleId),
    level: LEVELS[severity],
    message: { text: messageOf(finding) },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(path) }, ...regionPart(finding) },
        ...(item === ''
          ? {}
          : { logicalLocations: [{ fullyQualifiedName: clipped(printable(item), LONGEST_ITEM) }] }),
      },
    ],
    // The first is what code scanning follows an alert by; neither knows of lines.
    partialFingerprints: { primaryLocationLineHash: `${id}:1`, 'rustassistant/v1': id },
    ...suppressionPart(finding),
    ...(newIds === null || finding.suppressed !== undefined
      ? {}
      : { baselineState: newIds.has(id) ? 'new' : 'unchanged' }),
  };
}

/** By a comment in the code, by a second look, or by what a person dismissed. */
function suppressionPart({ suppressed, refuted, dismissedAt }: Finding) {
  if (suppressed === undefined) return {};
  const justification = clipped(oneLine(suppressed), LONGEST_MESSAGE);
  if (refuted === true) return { suppressions: [{ kind: 'external', status: 'accepted', justification }] };
  if (dismissedAt === undefined) return { suppressions: [{ kind: 'inSource', justification }] };
  const properties = { dismissedAt };
  return { suppressions: [{ kind: 'external', status: 'accepted', justification, properties }] };
}

function messageOf(finding: Finding): string {
  const text = [`${oneLine(finding.title)}.`, ...sayings(finding).map(oneLine)].join(' ');
  return clipped(text, LONGEST_MESSAGE);
}

function regionPart(finding: Finding) {
  const region = regionOf(finding);
  if (region === null) return {};
  const quote = clipped(oneLine(finding.quote), LONGEST_QUOTE);
  return { region: quote === '' ? region : { ...region, snippet: { text: quote } } };
}

/** What a reader of the results must know of the run. */
interface Notification {
  readonly level: Level;
  readonly message: { readonly text: string };
  readonly locations?: readonly object[];
}

function cutNotification(found: readonly Located[], kept: readonly Located[]): Notification[] {
  if (found.length === kept.length) return [];
  return [warning(`${grouped(found.length)} findings: the ${grouped(kept.length)} worst of them are here`)];
}

function failedNotifications({ files }: RepositoryReport): Notification[] {
  const failed = files.filter(({ status }) => status === 'failed');
  const named = failed.slice(0, MOST_NOTIFICATIONS).map(({ path, reason }) => ({
    ...warning(`not analysed: ${oneLine(reason ?? 'unknown')}`),
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path) } } }],
  }));
  const more = failed.length - named.length;
  return more === 0 ? named : [...named, warning(`${counted(more, 'more file')} not analysed`)];
}

function noteNotifications({ notices }: Report): Notification[] {
  return notices
    .slice(0, MOST_NOTIFICATIONS)
    .map(({ message }) => ({ level: 'note', message: { text: clipped(oneLine(message), LONGEST_MESSAGE) } }));
}

function warning(text: string): Notification {
  return { level: 'warning', message: { text: clipped(text, LONGEST_MESSAGE) } };
}
