import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { RULES } from '../../src/lint/table.ts';
import type { Report, RepositoryReport } from '../../src/report/model.ts';
import { MOST_RESULTS, renderSarif } from '../../src/report/sarif.ts';
import { sarifRule } from '../../src/report/sarif-rules.ts';
import type { Finding, Severity } from '../../src/types/finding.ts';
import { sarifErrors } from '../support/formats.ts';
import { CLEAN, crowd, finding, ODD_PATHS, REPORT, reportOf } from './sample.ts';

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region?: Readonly<Record<string, number>> & { readonly snippet?: { readonly text: string } };
    };
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly { readonly kind: string; readonly justification: string }[];
}

interface Log {
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly rules: readonly {
          readonly id: string;
          readonly properties: Readonly<Record<string, unknown>>;
        }[];
      };
    };
    readonly automationDetails: { readonly id: string };
    readonly invocations: readonly {
      readonly executionSuccessful: boolean;
      readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[];
    }[];
    readonly results: readonly Result[];
  }[];
}

function text(report: Report, least: Severity = 'info'): string {
  return renderSarif(report, least);
}

/** The run of a log that the official schema takes. */
function run(report: Report, least?: Severity) {
  const log = JSON.parse(text(report, least)) as Log;
  expect(sarifErrors(log)).toEqual([]);
  expect(log.runs).toHaveLength(1);
  const [only] = log.runs;
  if (only === undefined) throw new Error('no run');
  return only;
}

function results(...findings: Finding[]): readonly Result[] {
  return run(reportOf({ 'src/lib.rs': findings })).results;
}

test('is one run on one line, with everything that is known', async () => {
  const log = text(REPORT);
  expect(log.trimEnd()).not.toContain('\n');
  expect(run(REPORT).automationDetails.id).toBe('rustassistant/');
  // What rules say of themselves is kept in their table.
  const short = (key: string, value: unknown) => (/^(?:fullDescription|help)$/.test(key) ? '…' : value);
  const pretty = `${JSON.stringify(JSON.parse(log), short, 2)}\n`;
  await expect(pretty).toMatchFileSnapshot('../golden/report.sarif');
});

test('nothing found is a run without results', () => {
  const { results, invocations } = run(CLEAN);
  expect(results).toEqual([]);
  expect(invocations[0]?.executionSuccessful).toBe(true);
});

test('the schema refuses what is wrong', () => {
  const log = JSON.parse(text(REPORT)) as { runs: { results: { locations: unknown }[] }[] };
  const [result] = log.runs[0]?.results ?? [];
  if (result === undefined) throw new Error('no result');
  result.locations = [{ physicalLocation: { region: { startLine: 0 } } }];
  expect(sarifErrors(log)).not.toEqual([]);
});

describe('places', () => {
  test('URIs are relative, and name the file again when they are read', () => {
    const { results } = run(reportOf(Object.fromEntries(ODD_PATHS.map((path) => [path, [finding()]]))));
    const uris = results.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri ?? '');
    expect(uris.map((uri) => new URL(uri, 'file:///r/').pathname)).toEqual(uris.map((uri) => `/r/${uri}`));
    expect(uris.map(decodeURIComponent).sort()).toEqual([...ODD_PATHS].sort());
    for (const uri of uris) expect(uri).toMatch(/^(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+$/);
  });

  test('regions begin at 1; what is about the whole file has none', () => {
    const none = { startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 };
    const [whole, odd] = results(
      finding({ ...none, severity: 'critical' }),
      finding({ startLine: 3, startColumn: 0, endLine: 1, endColumn: 0, quote: 'let a = 1;\r\nlet b = 2;' }),
    );
    expect(whole?.locations[0]?.physicalLocation.region).toBeUndefined();
    expect(odd?.locations[0]?.physicalLocation.region).toEqual({
      ...{ startLine: 3, startColumn: 1, endLine: 3, endColumn: 1 },
      snippet: { text: 'let a = 1; let b = 2;' },
    });
  });
});

describe('rules', () => {
  test('one for each severity, security ones graded', () => {
    const { results, tool } = run(
      reportOf({
        'src/lib.rs': [
          finding({ rule: 'transmute', category: 'memory-safety', severity: 'medium' }),
          finding({ rule: 'transmute', category: 'memory-safety', severity: 'low' }),
          finding({ rule: 'transmute', category: 'memory-safety', severity: 'low' }),
          finding({ rule: 'unwrap-in-library', category: 'error-handling', severity: 'medium' }),
          finding({ rule: 'review/security', category: 'security', severity: 'critical', source: 'llm' }),
        ],
      }),
    );
    const { rules } = tool.driver;
    expect(rules.map(({ id }) => id)).toEqual([
      'review/security/critical',
      'transmute/medium',
      'unwrap-in-library/medium',
      'transmute/low',
    ]);
    expect(rules.map(({ properties }) => properties['security-severity'])).toEqual([
      '9.5',
      '5.5',
      undefined,
      '2.0',
    ]);
    expect(rules[2]?.properties).toMatchObject({ 'problem.severity': 'warning', tags: ['error-handling'] });
    for (const { ruleId, ruleIndex } of results) expect(rules[ruleIndex]?.id).toBe(ruleId);
  });
});

test('each rule is described within what code scanning takes', () => {
  for (const { id, category, what, mend } of RULES) {
    const rule = sarifRule(finding({ rule: id, category }));
    expect(rule.fullDescription.text).toBe(what);
    expect(rule.help.text).toContain(mend);
    for (const { text } of [rule.shortDescription, rule.fullDescription]) {
      expect([id, text.length > 0 && text.length <= 1_024]).toEqual([id, true]);
    }
    expect(rule.properties['tags']?.length).toBeLessThanOrEqual(10);
  }
});

test('fingerprints know no line, and tell equal findings apart', () => {
  const prints = (line: number) =>
    results(
      finding({ startLine: line, endLine: line }),
      finding({ id: 'f'.repeat(16), startLine: line + 1, endLine: line + 1 }),
    ).map(({ partialFingerprints }) => partialFingerprints);
  expect(prints(1)).toEqual(prints(900));
  expect(new Set(prints(1).map((one) => one['primaryLocationLineHash'])).size).toBe(2);
});

test('suppressed findings come last, with their reason', () => {
  const [open, suppressed] = results(
    finding({ severity: 'critical', suppressed: 'checked\nby hand' }),
    finding({ severity: 'low' }),
  );
  expect(open?.suppressions).toBeUndefined();
  expect(suppressed?.suppressions).toEqual([{ kind: 'inSource', justification: 'checked by hand' }]);
});

describe('limits', () => {
  test('of 30,000 findings the worst 5,000 are kept, and it is said', () => {
    const { results, invocations } = run(crowd(30_000));
    expect(results).toHaveLength(MOST_RESULTS);
    expect(new Set(results.map(({ level }) => level))).toEqual(new Set(['error']));
    expect(invocations[0]?.toolExecutionNotifications[0]?.message.text).toBe(
      '30,000 findings: the 5,000 worst of them are here',
    );
  });

  test.each([
    ['letters', (code: number) => 0x41 + (code % 58)],
    ['ideographs', (code: number) => 0x4e00 + (code % 20_000)],
  ])('is below 10 MB compressed, also where messages are long and random: %s', (_name, letter) => {
    const report = crowd(MOST_RESULTS);
    let seed = 1;
    const noise = () => {
      const codes = Array.from({ length: 1_000 }, () => letter((seed = (seed * 48_271) % 2_147_483_647)));
      return String.fromCharCode(...codes);
    };
    const [repository] = report.repositories;
    const files = (repository?.files ?? []).map((file) => ({
      ...file,
      findings: file.findings.map((one) => ({ ...one, message: noise(), quote: noise() })),
    }));
    const noisy = { ...report, repositories: [{ ...repository, files }] } as Report;
    expect(gzipSync(text(noisy)).length).toBeLessThan(10 * 2 ** 20);
  });
});

describe('several repositories', () => {
  const named = (report: Report, path: string, id: string) =>
    report.repositories.map((repository) => ({ ...repository, path, id: id.repeat(64) }));
  const together = (...all: readonly (readonly RepositoryReport[])[]) => {
    const log = JSON.parse(text({ ...REPORT, repositories: all.flat() })) as Log;
    expect(sarifErrors(log)).toEqual([]);
    return log.runs;
  };

  test('have a run each, told apart by name, or by more where names are the same', () => {
    const found = reportOf({ 'src/lib.rs': [finding()] });
    const runs = together(
      ...[named(found, '/w/a', '1'), named(CLEAN, '/w/b \u202e', '2'), named(found, '/x/a', '3')],
    );
    expect(runs.map(({ automationDetails }) => automationDetails.id)).toEqual([
      'rustassistant/a-11111111/',
      'rustassistant/b \\u{202e}/',
      'rustassistant/a-33333333/',
    ]);
    expect(runs.map(({ results }) => results.length)).toEqual([1, 0, 1]);
    expect(runs.map(({ tool }) => tool.driver.rules.length)).toEqual([1, 0, 1]);
  });

  test('share the limit: the worst of all are kept', () => {
    const [mild, bad] = together(
      named(crowd(6_000, { severity: 'low' }), '/w/mild', '1'),
      named(crowd(4_000, { severity: 'high' }), '/w/bad', '2'),
    );
    expect([mild?.results.length, bad?.results.length]).toEqual([1_000, 4_000]);
    const said = mild?.invocations[0]?.toolExecutionNotifications.map(({ message }) => message.text);
    expect(said).toContain('6,000 findings: the 1,000 worst of them are here');
  });
});

test('what a terminal or a reader would obey is escaped', () => {
  const log = text(REPORT);
  expect(log).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/);
  expect(log).toContain('src/with%20%1B%5B2J%20name.rs');
});

test('failed files and notes are told as notifications', () => {
  const [invocation] = run(REPORT).invocations;
  expect(invocation?.executionSuccessful).toBe(false);
  expect(invocation?.toolExecutionNotifications.map(({ message }) => message.text)).toEqual([
    'not analysed: parsing took over 15 s',
    "today's portion is bought, 3 requests wait",
  ]);
});
