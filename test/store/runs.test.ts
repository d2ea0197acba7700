import { expect, test } from 'vitest';
import { openAnalysis } from '../../src/store/analysis.ts';
import { openLayout } from '../../src/store/layout.ts';
import { placeRepository } from '../../src/store/repository.ts';
import type { Run } from '../../src/store/runs.ts';
import { sha256 } from '../../src/util/hash.ts';
import { temporary } from './support.ts';

async function open() {
  const layout = openLayout(temporary());
  const place = placeRepository(layout, { path: '/r', fullHash: sha256('/r'), gitCommonDir: null });
  return openAnalysis(layout, place);
}

const RUN: Run = {
  ...{ at: 1, commit: null, model: '', files: 1, lines: 10, suppressed: 0, ticks: 0 },
  ...{ critical: 0, high: 1, medium: 0, low: 0, info: 0 },
  ...{ quality: 80, security: null, maintainability: 1, complexity: null, documentation: 0 },
};

test('what a run came to, the newest first, unknown as unknown', async () => {
  const analysis = await open();
  const second: Run = { ...RUN, at: 2, commit: 'c'.repeat(40), high: 0, model: 'm', ticks: 5 };
  analysis.recordRun(RUN);
  analysis.recordRun(second);
  expect(analysis.lastRuns(10)).toEqual([second, RUN]);
  expect(analysis.lastRuns(1)).toEqual([second]);
  analysis.close();
});

test('a run that changed nothing and cost nothing is not remembered', async () => {
  const analysis = await open();
  analysis.recordRun(RUN);
  analysis.recordRun({ ...RUN, at: 2 });
  expect(analysis.lastRuns(10)).toHaveLength(1);
  analysis.recordRun({ ...RUN, at: 3, ticks: 1 });
  analysis.recordRun({ ...RUN, at: 4 });
  analysis.recordRun({ ...RUN, at: 5, quality: null });
  expect(analysis.lastRuns(10).map(({ at }) => at)).toEqual([5, 3, 1]);
  analysis.close();
});

test('the oldest are forgotten', async () => {
  const analysis = await open();
  for (let at = 1; at <= 130; at += 1) analysis.recordRun({ ...RUN, at, lines: at });
  const kept = analysis.lastRuns(1000);
  expect([kept.length, kept[0]?.at, kept.at(-1)?.at]).toEqual([100, 130, 31]);
  analysis.close();
});
