import { expect, test } from 'vitest';
import { renderGitlab } from '../../src/report/gitlab.ts';
import type { Report } from '../../src/report/model.ts';
import type { Severity } from '../../src/types/finding.ts';
import { gitlabErrors } from '../support/formats.ts';
import { CLEAN, crowd, finding, ODD_PATHS, REPORT, reportOf } from './sample.ts';

interface Entry {
  readonly description: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

function entries(report: Report, least: Severity = 'info'): Entry[] {
  const [repository] = report.repositories;
  if (repository === undefined) throw new Error('no repository');
  const value = JSON.parse(renderGitlab(repository, least)) as Entry[];
  expect(gitlabErrors(value)).toEqual([]);
  return value;
}

test('an entry for each finding that is not suppressed', async () => {
  const pretty = `${JSON.stringify(entries(REPORT), null, 2)}\n`;
  await expect(pretty).toMatchFileSnapshot('../golden/report.gitlab.json');
});

test('nothing found is an empty list', () => {
  expect(entries(CLEAN)).toEqual([]);
});

test('paths stay what they are, and a whole file is its first line', () => {
  const found = Object.fromEntries(ODD_PATHS.map((path) => [path, [finding({ startLine: 0, endLine: 0 })]]));
  const all = entries(reportOf(found));
  expect(all.map(({ location }) => location.path).sort()).toEqual([...ODD_PATHS].sort());
  expect(new Set(all.map(({ location }) => location.lines.begin))).toEqual(new Set([1]));
});

test('30,000 findings have as many fingerprints', () => {
  const all = entries(crowd(30_000));
  expect(all).toHaveLength(30_000);
  expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(30_000);
  expect(all[0]?.severity).toBe('blocker');
});

test('hidden characters are escaped, and read as what they are', () => {
  const report = reportOf({ 'src/\u202erev.rs': [finding({ message: 'a\u200bb\u001b[2J' })] });
  const [repository] = report.repositories;
  const text = repository === undefined ? '' : renderGitlab(repository, 'info');
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u200b\u202e]/);
  expect(entries(report)[0]?.location.path).toBe('src/\u202erev.rs');
});
