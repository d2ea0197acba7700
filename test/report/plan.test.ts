import { describe, expect, test } from 'vitest';
import type { PlanReport, RepositoryPlanReport } from '../../src/report/plan-model.ts';
import type { PlanTextOptions } from '../../src/report/plan.ts';
import { reportJson } from '../../src/report/json.ts';
import { planText } from '../../src/report/plan.ts';
import { schemaErrors } from '../support/schema.ts';

const TEXT: PlanTextOptions = {
  color: false,
  noKey: 'XAI_API_KEY not set',
  buy: 'rustassistant analyze .',
  less: '--budget 0.1 (changed first)',
};

const cost = (usd: number) => ({ ticks: usd * 1e10, usd });
const left = (capUsd: number, leftUsd: number) => ({ capUsd, leftUsd, leftTicks: leftUsd * 1e10 });

const REPOSITORY: RepositoryPlanReport = {
  id: 'a'.repeat(64),
  path: '/home/someone/tidewater',
  commit: '3f9c2ab000000000000000000000000000000000',
  reasoningEffort: 'low',
  rows: [
    { name: 'critical', files: 3, items: 41, tokens: 14_200, ...cost(0.03) },
    { name: 'changed', files: 6, items: 58, tokens: 17_900, ...cost(0.04) },
    { name: 'normal', files: 31, items: 290, tokens: 87_900, ...cost(0.17) },
  ],
  questions: [{ name: 'review', items: 389, requests: 10, ...cost(0.24) }],
  secondLook: cost(0.002),
  toSend: {
    ...{ files: 40, items: 389, equal: 0, requests: 10, inputTokens: 120_000, outputTokens: 24_000 },
    ...{ seconds: 60, ...cost(0.24) },
  },
  stored: { files: 0, items: 0 },
  failed: { items: 0 },
  localOnly: { files: 8, items: 223, why: ['tests', 'generated'] },
  worstCase: cost(0.35),
  thisRun: { requests: 10, items: 389, ...cost(0.24), stoppedBy: null, days: 0, doneOn: '2026-03-31' },
  redacted: [{ kind: 'github-token', path: 'src/config.rs', line: 12 }],
};

const PLAN: PlanReport = {
  ...{ schemaVersion: 1, tool: { name: 'rustassistant', version: '0.0.0' }, dryRun: true },
  ...{ provider: 'xai', model: 'grok-4.3', host: 'api.x.ai', key: 'XAI_API_KEY', off: null },
  price: { input: 1.25, cachedInput: 0.2, output: 2.5, source: 'catalogue' },
  repositories: [REPOSITORY],
  left: { run: left(0.75, 0.75), day: left(0.75, 0.75), week: left(1.5, 1.12), month: left(3, 2.37) },
  ledgerUnknown: null,
  notices: [],
};

const withRepository = (given: Partial<RepositoryPlanReport>): PlanReport => ({
  ...PLAN,
  repositories: [{ ...REPOSITORY, ...given }],
});

const UNKNOWN: PlanReport = {
  ...withRepository({
    rows: [{ name: 'low', files: 1, items: 2, tokens: 900, ticks: null, usd: null }],
    toSend: { ...REPOSITORY.toSend, ticks: null, usd: null, equal: 1, requests: 1, seconds: 44 },
    secondLook: { ticks: null, usd: null },
    failed: { items: 2 },
    worstCase: { ticks: null, usd: null },
    thisRun: null,
    redacted: [],
    reasoningEffort: null,
    commit: null,
  }),
  ...{ price: null, key: null, left: null, ledgerUnknown: 'the ledger is lost, and answers were paid for' },
  notices: [{ code: 'plain-http', message: 'llm.base_url is plain http' }],
};

const PORTION = withRepository({
  thisRun: {
    ...{ requests: 4, items: 99, ...cost(0.1), stoppedBy: 'portion' },
    ...{ days: 12, doneOn: '2026-04-12' },
  },
  missing: [
    { path: 'src/a.rs', item: 'f', kind: 'fn', question: 'review', why: { kind: 'new' } },
    {
      ...{ path: 'src/a.rs', item: 'Pool::get', kind: 'fn', question: 'review' },
      why: {
        kind: 'factors',
        differs: [
          { factor: 'itemHash', label: 'the item’s own text', before: null, after: 'aaaaaaaaaaaa' },
          { factor: 'model', label: 'the model asked for', before: 'grok-4.3', after: 'grok-4.6' },
          { factor: 'resolvedModel', label: 'the resolved model', before: 'x', after: '' },
        ],
      },
    },
    { path: 'src/b.rs', item: '', kind: 'impl', question: 'safety', why: { kind: 'cited' } },
    {
      path: 'src/b.rs',
      item: 'g',
      kind: 'fn',
      question: 'review',
      why: { kind: 'failed', status: 'truncated' },
    },
    { path: 'src/b.rs', item: 'h', kind: 'fn', question: 'review', why: { kind: 'unusable' } },
  ],
});

describe('text', () => {
  test('rows, sums, money and what to do', async () => {
    await expect(await planText(PLAN, TEXT)).toMatchFileSnapshot('../golden/plan.txt');
  });

  test('what is unknown is called unknown', async () => {
    const text = await planText(UNKNOWN, { ...TEXT, less: null });
    await expect(text).toMatchFileSnapshot('../golden/plan-unknown.txt');
  });

  test('a portion, and why each item is missing', async () => {
    await expect(await planText(PORTION, TEXT)).toMatchFileSnapshot('../golden/plan-portion.txt');
  });

  test('several repositories: what is left stands once', async () => {
    const text = await planText({ ...PLAN, repositories: [REPOSITORY, REPOSITORY] }, TEXT);
    expect(text.match(/\nWorst case/g)).toHaveLength(2);
    expect(text.match(/\nLeft/g)).toHaveLength(1);
    expect(text).not.toMatch(/\n\n\n/);
  });

  test('where no request fits into a cap there is no date', async () => {
    const stoppedBy = 'day' as const;
    const thisRun = { requests: 0, items: 0, ...cost(0), stoppedBy, days: null, doneOn: null };
    expect(await planText(withRepository({ thisRun }), TEXT)).toContain(
      'This run    0 of 10 requests, about $0.00: the cap per day; under these caps it has no end\n',
    );
  });
});

test('json is the published contract', () => {
  for (const plan of [PLAN, UNKNOWN, PORTION]) {
    expect(schemaErrors('plan', JSON.parse(reportJson(plan)))).toEqual([]);
  }
  expect(schemaErrors('plan', { ...PLAN, left: 3 })).not.toEqual([]);
});
