import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PlanReport } from '../../src/report/plan-model.ts';
import type { Report } from '../../src/report/model.ts';
import { folderWith } from '../support/cli.ts';
import type { LlmServer } from '../support/llm-server.ts';
import { startLlmServer } from '../support/llm-server.ts';
import { moduleText } from '../support/rust-tree.ts';
import { command, homeWith, json, paidSettings } from './support.ts';

let server: LlmServer;
beforeAll(async () => {
  server = await startLlmServer();
});
afterAll(() => server.close());

const tightened = { '.rustassistant.toml': '[analysis]\nlenses = []\n' };

test.each([
  ['on the command line', {}, ['--lens', ''], '--lens'],
  ['in the repository’s own file', tightened, [], '.rustassistant.toml:2'],
])('no question named %s: nothing is asked, and that is said', async (_, files, args, origin) => {
  const home = homeWith(paidSettings(server.url));
  const folder = folderWith({ 'src/a.rs': moduleText(1), ...files });
  const why = `analysis.lenses names no question (${origin})`;
  const { stdout, status } = await command(['analyze', folder, ...args], { home });
  expect(stdout).toContain(`LLM review off: ${why}.`);
  expect(status).toBe(0);
  expect((await json<Report>(['analyze', folder, ...args], { home })).provider).toBe('local');
  const plan = await json<PlanReport>(['analyze', folder, '--dry-run', ...args], { home });
  expect(plan).toMatchObject({ provider: 'local', off: why });
  expect(server.log).toEqual([]);
});

test('the question by its name is asked, another one is a mistake', async () => {
  const home = homeWith(paidSettings(server.url));
  const folder = folderWith({ 'src/a.rs': moduleText(1) });
  const { stderr, status } = await command(['analyze', folder, '--lens', 'style'], { home });
  expect([status, stderr]).toEqual([2, expect.stringContaining('--lens must be a list of names')]);
  expect(server.log).toEqual([]);
  await command(['analyze', folder, '--lens', 'review'], { home });
  expect(server.log).not.toEqual([]);
});
