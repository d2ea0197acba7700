import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlanReport, RepositoryPlanReport } from '../../src/report/plan-model.ts';
import type { Report } from '../../src/report/model.ts';
import type { UsageReport } from '../../src/report/usage-model.ts';
import { moduleText } from '../support/rust-tree.ts';
import { folderWith, git } from '../support/cli.ts';
import type { LlmServer } from '../support/llm-server.ts';
import { startLlmServer } from '../support/llm-server.ts';
import { schemaErrors } from '../support/schema.ts';
import { command, homeWith, json, paidSettings } from './support.ts';

let server: LlmServer;
beforeAll(async () => {
  server = await startLlmServer();
});
afterAll(() => server.close());

const modules = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`src/m${at}.rs`, moduleText(at)]));

/** `analyze --dry-run --json` of one repository. */
async function planned(
  home: string,
  folder: string,
  args: readonly string[] = [],
): Promise<{ readonly plan: PlanReport; readonly repository: RepositoryPlanReport }> {
  const plan = await json<PlanReport>(['analyze', folder, '--dry-run', ...args], { home });
  expect(schemaErrors('plan', plan)).toEqual([]);
  const [repository] = plan.repositories;
  if (repository === undefined) throw new Error('no repository');
  return { plan, repository };
}

describe('a plan and the run after it', () => {
  test('have the same requests, items and texts; the plan sends and spends nothing', async () => {
    const home = homeWith(paidSettings(server.url, 'request_tokens = 1000\n'));
    const folder = folderWith({ 'src/lib.rs': 'pub mod m0;\n', ...modules(12) });
    const from = server.log.length;
    const { plan, repository } = await planned(home, folder);
    const { toSend, rows, stored, localOnly, worstCase, thisRun } = repository;
    expect(server.log.length).toBe(from);
    expect((await json<UsageReport>(['usage'], { home })).total).toMatchObject({ requests: 0, openTicks: 0 });

    const report = await json<Report>(['analyze', folder], { home });
    const requests = server.log.slice(from);
    expect(toSend.requests).toBeGreaterThan(2);
    expect(requests).toHaveLength(toSend.requests);
    expect(requests.flatMap(({ items }) => items)).toHaveLength(toSend.items);
    expect(report.repositories[0]?.summary.items).toMatchObject({ paid: toSend.items, missing: 0 });
    expect(thisRun).toMatchObject({ requests: toSend.requests, items: toSend.items, stoppedBy: null });

    const bytes = requests
      .flatMap(({ messages }) => messages)
      .reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
    // Tokens are reckoned from bytes: 3.5 of them each; the schema of the answer travels beside the messages.
    expect((toSend.inputTokens * 3.5) / bytes).toBeGreaterThan(1);
    expect((toSend.inputTokens * 3.5) / bytes).toBeLessThan(1.5);
    const bill = requests.reduce((sum, { ticks }) => sum + ticks, 0);
    expect(worstCase.ticks).toBeGreaterThanOrEqual(bill);

    expect(rows.reduce((sum, { items }) => sum + items, 0)).toBe(toSend.items);
    expect(rows.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(toSend.inputTokens);
    expect(rows.reduce((sum, { ticks }) => sum + (ticks ?? 0), 0)).toBe(toSend.ticks);
    expect(stored).toEqual({ files: 0, items: 0 });
    expect(localOnly).toEqual({ files: 0, items: 12, why: ['tests'] });
    expect(plan.left?.day.leftUsd).toBe(0.75);

    const after = await planned(home, folder);
    expect(after.repository.toSend).toMatchObject({ requests: 0, items: 0, ticks: 0 });
    expect(after.repository.stored).toEqual({ files: 12, items: toSend.items });
    expect(after.plan.left?.day.leftTicks).toBe(7.5e9 - bill);
  });

  test('an edit is the only thing to send, and --why names what differs', async () => {
    const home = homeWith(paidSettings(server.url));
    const folder = folderWith({ 'src/a.rs': moduleText(1), 'src/b.rs': moduleText(2) });
    await command(['analyze', folder], { home });
    writeFileSync(join(folder, 'src/a.rs'), moduleText(1).replace('text.trim()', 'text'));
    const { repository } = await planned(home, folder, ['--why']);
    expect(repository.rows).toMatchObject([{ name: 'changed', files: 1, items: 1 }]);
    expect(repository.missing).toMatchObject([
      { path: 'src/a.rs', item: 'parse_1', why: { kind: 'factors', differs: [{ factor: 'itemHash' }] } },
    ]);
    const [missing] = repository.missing ?? [];
    const before = missing?.why.kind === 'factors' ? missing.why.differs[0]?.before : null;
    expect(before).toMatch(/^[0-9a-f]{12}$/);
    const { stdout } = await command(['analyze', folder, '--dry-run', '--why'], { home });
    expect(stdout).toMatch(
      /Why missing\n {2}src\/a\.rs {2}parse_1 {2}the item’s own text: \S+ → [0-9a-f]{12}\n/,
    );
    // Another model: everything is missing, for another reason.
    const other = await planned(home, folder, ['--why', '--model', 'other']);
    const reasons = other.repository.missing?.map(({ why }) =>
      why.kind === 'factors' ? why.differs.map(({ factor }) => factor).join() : why.kind,
    );
    expect(new Set(reasons)).toEqual(new Set(['model,resolvedModel', 'itemHash']));
  });

  test('equal items are counted, and sent once', async () => {
    const home = homeWith(paidSettings(server.url));
    const folder = folderWith({ 'src/a.rs': moduleText(1), 'src/b.rs': moduleText(1) });
    const { repository } = await planned(home, folder);
    expect(repository.toSend).toMatchObject({ items: 3, equal: 3 });
  });
});

describe('what a plan knows without asking anybody', () => {
  test('a key, a server or a price need not be there', async () => {
    const folder = folderWith({ 'src/lib.rs': moduleText(1) });
    const xai = await planned(homeWith(), folder);
    expect(xai.plan).toMatchObject({ provider: 'xai', key: null, price: { source: 'catalogue' } });
    expect(xai.repository.toSend.usd).toBeGreaterThan(0);

    const unknown = homeWith(
      '[llm]\nprovider = "openai-compatible"\nbase_url = "http://127.0.0.1:9/v1"\nmodel = "m"\n',
    );
    const { plan, repository } = await planned(unknown, folder);
    expect(plan.price).toBeNull();
    expect(repository.toSend).toMatchObject({ requests: 1, items: 3, ticks: null, usd: null });
    expect(repository).toMatchObject({ worstCase: { usd: null }, thisRun: null });
    const { stdout, status } = await command(['analyze', folder, '--dry-run'], { home: unknown });
    expect(status).toBe(0);
    expect(stdout).toMatch(/to send +1 +3 +[\d,]+ +unknown/);
    expect(stdout).toMatch(/Worst case +unknown\nPrice +unknown: set llm\.price_input/);
  });

  test('the key is named and not shown', async () => {
    const folder = folderWith({ 'src/lib.rs': moduleText(1) });
    const env = { XAI_API_KEY: 'xai-canary-0123456789' };
    const { stdout, stderr } = await command(['analyze', folder, '--dry-run', '-v'], {
      home: homeWith(),
      env,
    });
    expect(stdout).toContain('→ grok-4.3, effort low, api.x.ai (XAI_API_KEY)');
    expect(stdout + stderr).not.toContain('canary');
    expect(stdout).toContain(`Buy:   rustassistant analyze ${folder} --yes\n`);
    const inCi = await command(['analyze', folder, '--dry-run'], {
      home: homeWith(),
      env: { ...env, CI: '1' },
    });
    expect(inCi.stdout).toMatch(/Buy: .* --budget 0\.0\d --yes\n/);
  });

  test('secrets are listed by kind and line', async () => {
    const secret = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`;
    const lib = `pub fn one() -> u8 {\n    1\n}\n\npub fn login() -> &'static str {\n    "${secret}"\n}\n`;
    const { repository } = await planned(homeWith(), folderWith({ 'src/lib.rs': lib }));
    expect(repository.redacted).toEqual([{ kind: 'github-token', path: 'src/lib.rs', line: 6 }]);
  });

  test('a local provider sends nothing, and says so', async () => {
    const home = homeWith('[llm]\nprovider = "local"\n');
    const folder = folderWith({ 'src/lib.rs': moduleText(1) });
    const { plan, repository } = await planned(home, folder);
    expect(plan).toMatchObject({ provider: 'local', model: null, left: null });
    expect(plan.off).toContain('provider "local" is set (config.toml:2)');
    expect(repository.localOnly).toEqual({ files: 1, items: 4, why: ['provider'] });
    const { stdout } = await command(['analyze', folder, '--dry-run'], { home });
    expect(stdout).toContain('local rules only: provider "local" is set (config.toml:2)');
    expect(stdout).not.toContain('Buy:');
  });
});

describe('caps', () => {
  test('a backlog above the day is bought in portions, and the end has a date', async () => {
    const caps = '[budget]\nper_month = 0.1\nper_week = 0.05\nper_day = 0.025\nper_run = 0.025\n';
    const home = homeWith(paidSettings(server.url, `request_tokens = 1000\n${caps}`));
    const folder = folderWith(modules(40));
    const { repository } = await planned(home, folder);
    const { thisRun, toSend } = repository;
    expect(thisRun?.stoppedBy).not.toBeNull();
    expect(thisRun?.requests).toBeGreaterThan(0);
    expect(thisRun?.requests).toBeLessThan(toSend.requests);
    expect(thisRun?.days).toBeGreaterThan(0);
    const { stdout } = await command(['analyze', folder, '--dry-run'], { home });
    expect(stdout).toMatch(
      /This run +\d+ of \d+ requests, about \$[\d.]+: .*; with a run a day all of it by \d{4}-\d\d-\d\d/,
    );
    const from = server.log.length;
    await command(['analyze', folder], { home });
    // Answers cost less than is expected of them, so that the run may go a little further.
    expect(server.log.length - from).toBeGreaterThanOrEqual(thisRun?.requests ?? 0);
    expect(server.log.length - from).toBeLessThan(toSend.requests);
  });

  test('--budget lowers what is left and what is bought', async () => {
    const home = homeWith(paidSettings(server.url));
    const folder = folderWith(modules(3));
    const { plan, repository } = await planned(home, folder, ['--budget', '0.0001']);
    expect(plan.left?.run.leftUsd).toBe(0.0001);
    expect(repository.thisRun).toMatchObject({ requests: 0, doneOn: null, days: null });
    const wrong = await command(['analyze', folder, '--dry-run', '--budget', 'much'], { home });
    expect(wrong).toMatchObject({ status: 2, stdout: '' });
    expect(wrong.stderr).toContain('--budget must be');
  });

  test('what was spent may be unknown: then nothing is promised', async () => {
    const home = homeWith(paidSettings(server.url));
    const folder = folderWith(modules(1));
    await command(['analyze', folder], { home });
    for (const name of ['ledger.db', 'ledger.log', 'ledger.log.1']) rmSync(join(home, name), { force: true });
    writeFileSync(join(folder, 'src/new.rs'), moduleText(77));
    const { plan, repository } = await planned(home, folder);
    expect(plan).toMatchObject({ left: null, ledgerUnknown: expect.stringContaining('lost') });
    expect(repository.thisRun).toBeNull();
    expect((await command(['usage', '--accept-unknown'], { home })).stdout).toContain(
      'counts as all that was spent',
    );
    expect((await planned(home, folder)).plan.left?.day.leftUsd).toBe(0.75);
  });
});

describe('the command line', () => {
  test('a plan has no short form; --why needs a plan', async () => {
    const home = homeWith();
    const short = await command(['analyze', '.', '--dry-run', '--format', 'short'], { home });
    expect(short).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('Known: text, json.'),
    });
    const why = await command(['analyze', '.', '--why'], { home });
    expect(why).toMatchObject({ status: 2, stderr: expect.stringContaining('--why explains a plan') });
  });

  test('several repositories share what is left; --since narrows', async () => {
    const home = homeWith(paidSettings(server.url));
    const one = folderWith({ 'src/lib.rs': moduleText(1) });
    const two = folderWith({ 'src/lib.rs': moduleText(2) });
    git(two, 'init', '-q');
    git(two, 'add', '.');
    git(two, 'commit', '-qm', 'first');
    writeFileSync(join(two, 'src', 'new.rs'), moduleText(3));
    const plan = await json<PlanReport>(['analyze', one, two, '--dry-run'], { home });
    expect(plan.repositories.map(({ toSend }) => toSend.items)).toEqual([3, 6]);
    const narrow = await planned(home, two, ['--since', 'HEAD']);
    expect(narrow.repository.toSend.items).toBe(3);
  });
});
