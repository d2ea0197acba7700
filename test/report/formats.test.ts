import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Format } from '../../src/report/formats.ts';
import { FORMATS, render } from '../../src/report/formats.ts';
import { MOST_OF_A_KIND } from '../../src/report/github.ts';
import { LONGEST_COMMENT } from '../../src/report/markdown.ts';
import type { Report } from '../../src/report/model.ts';
import { MOST_BYTES, MOST_RESULTS } from '../../src/report/sarif.ts';
import { gitlabErrors, sarifErrors, workflowCommand } from '../support/formats.ts';
import { schemaErrors } from '../support/schema.ts';
import { CLEAN, crowd, finding, ODD_PATHS, REPORT, REPOSITORY, reportOf } from './sample.ts';

const NOWHERE = { startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 };
const CRLF = 'one\r\ntwo\r\n';

/** Text that does not compress, of letters that URIs write as nine characters. */
function noise(length: number): string {
  let seed = length;
  const letter = () => 0x4e00 + ((seed = (seed * 48_271) % 2_147_483_647) % 20_000);
  return Array.from({ length }, () => String.fromCharCode(letter())).join('');
}

const LONG = noise(1_300);
const failed = (count: number): Report => {
  const { files: _files, ...rest } = REPOSITORY;
  const files = Array.from({ length: count }, (_, at) => ({
    ...{ path: `${LONG}${at}.rs`, status: 'failed' as const, reason: LONG, contentHash: null },
    ...{ complete: false, scores: null, metrics: null, findings: [] },
  }));
  return { ...REPORT, repositories: [{ ...rest, files }] };
};

const CASES: readonly (readonly [name: string, report: () => Report])[] = [
  ['nothing found', () => CLEAN],
  ['everything that a report can have', () => REPORT],
  ['30,000 findings', () => crowd(30_000)],
  ['long reasons and items', () => crowd(200, { suppressed: LONG, item: LONG })],
  ['30,000 suppressed ones', () => crowd(30_000, { suppressed: CRLF })],
  ['500 failed files', () => failed(500)],
  [
    'notes of nothing but mentions',
    () => ({ ...crowd(3_000), notices: Array(500).fill({ code: 'a', message: '@'.repeat(5_000) }) as [] }),
  ],
  ['a file as a whole', () => reportOf({ 'a.rs': [finding({ ...NOWHERE })] })],
  [
    'CRLF',
    () =>
      reportOf({
        'a.rs': [finding({ title: CRLF, message: CRLF, suggestion: CRLF, quote: CRLF, suppressed: CRLF })],
        'b.rs': [finding({ title: CRLF, message: CRLF, suggestion: CRLF, quote: CRLF })],
      }),
  ],
  ...ODD_PATHS.map(
    (path) =>
      [`the path ${JSON.stringify(path)}`, () => reportOf({ [path]: [finding()] })] as [string, () => Report],
  ),
];

interface Sarif {
  readonly runs: readonly {
    readonly results: readonly {
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region?: Readonly<Record<string, unknown>>;
        };
      }[];
      readonly partialFingerprints: Readonly<Record<string, string>>;
      readonly suppressions?: readonly unknown[];
    }[];
  }[];
}

function expectSarif(text: string, report: Report): void {
  const log = JSON.parse(text) as Sarif;
  expect(sarifErrors(log)).toEqual([]);
  expect(text.indexOf('\n')).toBe(text.length - 1);
  expect(gzipSync(text).length).toBeLessThanOrEqual(MOST_BYTES);
  const results = log.runs.flatMap((run) => run.results);
  expect(results.length).toBeLessThanOrEqual(MOST_RESULTS);
  expect(results.length).toBeGreaterThan(Math.min(2_000, findingsOf(report).length) - 1);
  const odd = results.flatMap(({ locations }) =>
    locations.filter(({ physicalLocation: { artifactLocation, region = { startLine: 1 } } }) => {
      const positions = Object.values(region).filter((value) => typeof value === 'number');
      return (
        !/^(?:[\w.~/-]|%[0-9A-F]{2})+$/.test(artifactLocation.uri) || positions.some((value) => value < 1)
      );
    }),
  );
  expect(odd).toEqual([]);
  const prints = results.map(({ partialFingerprints }) => partialFingerprints['primaryLocationLineHash']);
  expect(new Set(prints).size).toBe(new Set(findingsOf(report).slice(0, results.length)).size);
}

function findingsOf({ repositories }: Report): string[] {
  return repositories.flatMap(({ files }) => files.flatMap(({ findings }) => findings.map(({ id }) => id)));
}

/** What whoever reads a format makes of it. */
const CONSUMERS: Readonly<Record<Format, (text: string, report: Report) => void>> = {
  text: (text) => expect(text.endsWith('\n')).toBe(true),
  short: (text) => {
    for (const line of text.split('\n').slice(0, -1)) expect(line).toMatch(/:\d+:\d+: \w+\[[^\]]+\]: ./);
  },
  json: (text) => {
    expect(schemaErrors('analyze', JSON.parse(text))).toEqual([]);
    expect(text.indexOf('\n')).toBe(text.length - 1);
  },
  sarif: expectSarif,
  github: (text) => {
    const commands = text.split('\n').map((line) => workflowCommand(line)?.command);
    for (const kind of ['error', 'warning', 'notice'])
      expect(commands.filter((one) => one === kind).length).toBeLessThanOrEqual(MOST_OF_A_KIND);
    // A line that is no command is the count of what is left out.
    expect(commands.filter((one) => one === undefined).length).toBeLessThanOrEqual(3);
    for (const line of text.split('\n')) expect(Buffer.byteLength(line)).toBeLessThan(64 * 1024);
  },
  gitlab: (text) => {
    const entries = JSON.parse(text) as { fingerprint: string; location: { path: string } }[];
    expect(gitlabErrors(entries)).toEqual([]);
    expect(text).not.toMatch(/"path":"(?:\/|\.)/);
  },
  markdown: (text) => {
    expect(text.length).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  },
};

describe.each(FORMATS)('%s', (format) => {
  test.each(CASES)('%s', async (_name, make) => {
    const report = make();
    const text = { color: false, limit: 20, maxFileSize: '1MiB', hints: [] };
    CONSUMERS[format](await render(report, format, { severity: 'info', cwd: '/', text }), report);
  });
});

test('what is suppressed is marked where a format can say so, counted or left out elsewhere', async () => {
  const report = reportOf({ 'a.rs': [finding({ title: 'SILENT', suppressed: 'checked' })] });
  const text = { color: false, limit: 20, maxFileSize: '1MiB', hints: [] };
  const shown = async (format: Format) => render(report, format, { severity: 'info', cwd: '/', text });
  const told = { json: '"suppressed":"checked"', sarif: '"suppressions":[{"kind":"inSource"' } as const;
  for (const format of FORMATS) {
    if (format === 'json' || format === 'sarif') expect(await shown(format)).toContain(told[format]);
    else expect(await shown(format)).not.toContain('SILENT');
  }
});

test('5,000 paths as long as paths can be leave room in SARIF for fewer, and it is said', async () => {
  // Pieces of one noise, so far apart that compression does not see that they overlap.
  const all = noise(400_000);
  const paths = Array.from({ length: MOST_RESULTS }, (_, at) => {
    const from = (at * 50_021) % (all.length - 1_300);
    return `${all.slice(from, from + 1_300)}.rs`;
  });
  const report = reportOf(Object.fromEntries(paths.map((path) => [path, [finding()]])));
  const text = { color: false, limit: 20, maxFileSize: '1MiB', hints: [] };
  const sarif = await render(report, 'sarif', { severity: 'info', cwd: '/', text });
  expect(gzipSync(sarif).length).toBeLessThanOrEqual(MOST_BYTES);
  expect(sarif).toMatch(/"5,000 findings: the [2-4],\d{3} worst of them are here"/);
  // Some 90 MB are compressed here.
}, 120_000);

test('of 2,000 repositories a comment names as many as it holds', async () => {
  const repositories = Array.from({ length: 2_000 }, (_, at) => ({ ...REPOSITORY, path: `/w/${at}` }));
  const text = { color: false, limit: 20, maxFileSize: '1MiB', hints: [] };
  const comment = await render({ ...REPORT, repositories }, 'markdown', { severity: 'info', cwd: '/', text });
  expect(comment.length).toBeLessThanOrEqual(LONGEST_COMMENT);
  expect(comment).toMatch(/\n\n1,\d\d\d more repositories: a comment holds no more\.\n/);
});
