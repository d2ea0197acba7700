import type { Finding, Severity } from '../types.ts';
import { grouped } from '../util/numbers.ts';
import { clipped, oneLine, printable, printableJson } from '../util/printable.ts';
import type { Report, RepositoryReport } from './model.ts';
import { regionOf, sayings, uriOf } from './place.ts';
import type { Level, SarifRule } from './sarif-rules.ts';
import { LEVELS, sarifRule, sarifRuleId } from './sarif-rules.ts';
import type { Located } from './select.ts';
import { shownFindings, suppressedFindings } from './select.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** Code scanning keeps so many of a run, and takes files of up to 10 MB when compressed. */
export const MOST_RESULTS = 5_000;
const LONGEST_MESSAGE = 800;
const LONGEST_QUOTE = 160;

/**
 * One repository's report as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), on one line: the worst
 * findings of `least` or worse, suppressed ones last and marked. URIs are relative to the repository's root.
 */
export function renderSarif(report: Report, repository: RepositoryReport, least: Severity): string {
  const found = [...shownFindings(repository.files, least), ...suppressedFindings(repository.files, least)];
  const kept = found.slice(0, MOST_RESULTS);
  const rules = rulesOf(kept);
  const indexes = new Map([...rules.keys()].map((id, index) => [id, index]));
  const { news } = repository.summary;
  const newIds = news?.since === 'baseline' ? new Set(news.newIds) : null;
  const run = {
    tool: { driver: { ...report.tool, semanticVersion: report.tool.version, rules: [...rules.values()] } },
    automationDetails: { id: 'rustassistant/' },
    invocations: [
      {
        executionSuccessful: repository.summary.files.failed === 0,
        toolExecutionNotifications: notificationsOf(report, repository, found.length),
      },
    ],
    columnKind: 'unicodeCodePoints',
    results: kept.map((located) => resultOf(located, indexes, newIds)),
  };
  return `${printableJson({ $schema: SCHEMA, version: '2.1.0', runs: [run] })}\n`;
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
        ...(item === '' ? {} : { logicalLocations: [{ fullyQualifiedName: printable(item) }] }),
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

/** By a comment in the code, or by what a person dismissed. */
function suppressionPart({ suppressed, dismissedAt }: Finding) {
  if (suppressed === undefined) return {};
  const justification = oneLine(suppressed);
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

interface Notification {
  readonly level: Level;
  readonly message: { readonly text: string };
  readonly locations?: readonly object[];
}

/** What a reader of the results must know of the run: what is left out, what failed, what the notes say. */
function notificationsOf({ notices }: Report, { files }: RepositoryReport, found: number): Notification[] {
  const cut: Notification[] =
    found <= MOST_RESULTS
      ? []
      : [warning(`${grouped(found)} findings: the ${grouped(MOST_RESULTS)} worst of them are here`)];
  const failed = files
    .filter(({ status }) => status === 'failed')
    .map(({ path, reason }) => ({
      ...warning(`not analysed: ${oneLine(reason ?? 'unknown')}`),
      locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path) } } }],
    }));
  const notes = notices.map(({ message }) => ({
    level: 'note' as const,
    message: { text: oneLine(message) },
  }));
  return [...cut, ...failed, ...notes];
}

function warning(text: string): Notification {
  return { level: 'warning', message: { text } };
}
