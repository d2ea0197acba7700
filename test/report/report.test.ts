import { describe, expect, test } from 'vitest';
import { renderJson } from '../../src/report/json.ts';
import { renderShort } from '../../src/report/short.ts';
import type { TextOptions } from '../../src/report/text.ts';
import { renderText } from '../../src/report/text.ts';
import type { Report } from '../../src/report/model.ts';
import { schemaErrors } from '../support/schema.ts';
import { CLEAN, finding, REPORT, REPOSITORY } from './sample.ts';

const TEXT: TextOptions = { color: false, severity: 'medium', limit: 20, maxFileSize: '1MiB', hints: [] };

describe('text', () => {
  test('findings, the worst first, with their count', async () => {
    await expect(renderText(REPORT, TEXT)).toMatchFileSnapshot('../golden/report.txt');
  });

  test('in colours', async () => {
    await expect(renderText(REPORT, { ...TEXT, color: true })).toMatchFileSnapshot('../golden/report.ansi');
  });

  test('nothing found, without a model; what to do next stands last', async () => {
    const hints = ['LLM review off: XAI_API_KEY is not set. Its price: rustassistant analyze --dry-run'];
    await expect(renderText(CLEAN, { ...TEXT, hints })).toMatchFileSnapshot('../golden/clean.txt');
  });

  test('what is not shown is counted', () => {
    expect(renderText(REPORT, { ...TEXT, limit: 1 })).toContain(
      '\n\n1 critical shown, 1 high, 1 medium more (--format short lists all), 1 low hidden (--severity low), 1 suppressed\n',
    );
    const suppressed = {
      ...REPOSITORY.summary,
      findings: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
    };
    const none: Report = { ...REPORT, repositories: [{ ...REPOSITORY, files: [], summary: suppressed }] };
    expect(renderText(none, TEXT)).toContain('\n\nno findings in what was looked at, 1 suppressed\n');
  });

  test('several repositories, one after the other', () => {
    const both = renderText({ ...REPORT, repositories: [REPOSITORY, ...CLEAN.repositories] }, TEXT);
    expect(both).toMatch(/\n\nclean · grok-4\.3 at xai\n/);
    expect(both).not.toMatch(/\n\n\n/);
  });
});

describe('short', () => {
  test('one line each', async () => {
    await expect(renderShort(REPORT, 'info', REPOSITORY.path)).toMatchFileSnapshot('../golden/report.short');
  });

  test.each([
    ['/home/someone/tidewater/src', 'ring.rs'],
    ['/home/someone', 'tidewater/src/ring.rs'],
    ['/home/other', '../someone/tidewater/src/ring.rs'],
  ])('from %s an editor opens %s', (cwd, place) => {
    const lines = renderShort({ ...REPORT, repositories: [REPOSITORY, REPOSITORY] }, 'critical', cwd).split(
      '\n',
    );
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(new RegExp(`^${place.replaceAll('.', '\\.')}:12:1: critical\\[review\\]: `));
  });
});

describe('json', () => {
  test('is the published contract, on one line', async () => {
    const text = renderJson(REPORT, 'info');
    expect(text.endsWith('}\n')).toBe(true);
    expect(text.trimEnd()).not.toContain('\n');
    expect(schemaErrors('analyze', JSON.parse(text))).toEqual([]);
    expect(schemaErrors('analyze', JSON.parse(renderJson(CLEAN, 'info')))).toEqual([]);
    const pretty = `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
    await expect(pretty).toMatchFileSnapshot('../golden/report.json');
  });

  test('milder findings are left out of the lists, not of the counts', () => {
    const report = JSON.parse(renderJson(REPORT, 'critical')) as Report;
    const [repository] = report.repositories;
    expect(repository?.files.flatMap(({ findings }) => findings.map(({ severity }) => severity))).toEqual([
      'critical',
      'critical',
    ]);
    expect(repository?.summary.findings).toEqual(REPOSITORY.summary.findings);
  });

  test('the contract refuses what is not in it', () => {
    const wrong = { ...REPORT, repositories: [{ ...REPOSITORY, files: [{ path: 1 }] }] };
    expect(schemaErrors('analyze', wrong)).not.toEqual([]);
    const severity = {
      ...REPORT,
      repositories: [
        {
          ...REPOSITORY,
          files: [{ ...REPOSITORY.files[0], findings: [finding({ severity: 'grave' as 'high' })] }],
        },
      ],
    };
    expect(schemaErrors('analyze', severity)).not.toEqual([]);
  });
});
