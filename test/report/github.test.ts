import { expect, test } from 'vitest';
import { renderGithub } from '../../src/report/github.ts';
import type { Report } from '../../src/report/model.ts';
import type { Severity } from '../../src/types/finding.ts';
import { workflowCommand } from '../support/formats.ts';
import { CLEAN, crowd, finding, ODD_PATHS, REPORT, reportOf } from './sample.ts';

function lines(report: Report, least: Severity = 'info'): string[] {
  const [repository] = report.repositories;
  if (repository === undefined) throw new Error('no repository');
  const text = renderGithub(repository, least);
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text.split('\n').slice(0, -1);
}

test('an annotation for each finding, the worst first', async () => {
  await expect(`${lines(REPORT).join('\n')}\n`).toMatchFileSnapshot('../golden/report.github');
  expect(lines(REPORT).map((line) => workflowCommand(line)?.command)).toEqual([
    'error',
    'error',
    'warning',
    'notice',
  ]);
});

test('of a change, what it brought; what was there before is counted', () => {
  const report = reportOf({
    'a.rs': [
      finding({ changed: false, title: 'old' }),
      finding({ changed: true, title: 'new', startLine: 9 }),
    ],
  });
  const [first, last, ...more] = lines(report);
  expect([first?.includes('new'), last, more]).toEqual([
    true,
    '1 finding in items that did not change: not annotated.',
    [],
  ]);
});

test('nothing found is nothing said', () => {
  expect(lines(CLEAN)).toEqual([]);
});

test('whatever a name or a message holds, a runner reads it as it was', () => {
  const message = 'a%0Ab: 50%, c::error file=x::d\r\nnext, line';
  const paths = ODD_PATHS.filter((path) => !path.includes('\u202e'));
  const report = reportOf(
    Object.fromEntries(paths.map((path) => [path, [finding({ message, suggestion: 'Mend, it: 100%' })]])),
  );
  const commands = lines(report).map((line) => workflowCommand(line));
  expect(commands.map((one) => one?.properties['file']).sort()).toEqual([...paths].sort());
  for (const one of commands) {
    expect(one?.command).toBe('error');
    expect(one?.message).toBe('a%0Ab: 50%, c::error file=x::d next, line\nHelp: Mend, it: 100%');
    expect(one?.properties['title']).toBe('high[lock-across-await]: MutexGuard held across .await');
  }
});

test('no line of a finding is a command of its own', () => {
  const title = 'x\n::stop-commands::t';
  const report = reportOf({ 'a\n::add-mask::b.rs': [finding({ title, message: title, suggestion: title })] });
  expect(lines(report)).toHaveLength(1);
  expect(lines(report)[0]).toMatch(/^::error file=a\\u\{a\}%3A%3Aadd-mask%3A%3Ab\.rs,/);
});

test('columns on a single line only, no place for a whole file', () => {
  const [wide, whole] = lines(
    reportOf({
      'a.rs': [finding({ severity: 'critical', startLine: 1, endLine: 3 }), finding({ startLine: 0 })],
    }),
  ).map((line) => workflowCommand(line)?.properties);
  expect(wide).toMatchObject({ line: '1', endLine: '3' });
  expect(wide).not.toHaveProperty('col');
  expect(Object.keys(whole ?? {})).toEqual(['file', 'title']);
});

test('ten of a kind, the worst of them, and how many there are besides', () => {
  const all = lines(crowd(30_000));
  expect(all).toHaveLength(31);
  expect(all.at(-1)).toBe('29,970 more findings: GitHub shows 10 of a kind.');
  const kinds = all.slice(0, 30).map((line) => workflowCommand(line)?.command);
  expect(kinds).toEqual(['error', 'warning', 'notice'].flatMap((kind) => Array(10).fill(kind)));
  expect(all.slice(0, 10).every((line) => line.includes('title=critical['))).toBe(true);
});
