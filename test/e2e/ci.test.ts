import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { action, inBash, runAnalyze, step, yamlIn } from '../support/action.ts';
import type { LlmServer } from '../support/llm-server.ts';
import { startLlmServer } from '../support/llm-server.ts';
import { folderWith, freshFolder, git, writeFiles } from '../support/cli.ts';

const KEY = 'xai-0123456789';
const SHELL = 'std::process::Command::new("sh").arg("-c").arg(format!("ls {name}"))';

let server: LlmServer;
beforeAll(async () => {
  server = await startLlmServer({ key: KEY });
});
afterAll(() => server.close());

/** A function with a finding of high severity. */
function risky(name: string): string {
  return `pub fn ${name}(name: &str) {\n    let _ = ${SHELL}.spawn();\n}\n`;
}

/** A pull request for `main`, with an old finding in a file that it changes. */
function proposed(added: string): string {
  const origin = folderWith({ 'src/lib.rs': risky('old') });
  git(origin, 'init', '-q');
  git(origin, 'add', '.');
  git(origin, 'commit', '-qm', 'first');
  git(origin, 'checkout', '-q', '-b', 'change');
  writeFiles(origin, { 'src/lib.rs': `${added}\n${risky('old')}` });
  git(origin, 'commit', '-qam', 'second');
  return origin;
}

function checkoutOf(origin: string): string {
  const checkout = join(freshFolder('checkout'), 'work');
  git(origin, 'clone', '-q', `file://${origin}`, checkout);
  return checkout;
}

function pullRequest(added: string): string {
  return checkoutOf(proposed(added));
}

/** The settings of a job whose key is for a server on loopback. */
function withKey(): Record<string, string> {
  return {
    RUSTASSISTANT_LLM_PROVIDER: 'openai-compatible',
    RUSTASSISTANT_LLM_BASE_URL: server.url,
    RUSTASSISTANT_LLM_KEY_ENV: 'LLM_KEY',
    RUSTASSISTANT_LLM_PRICE_INPUT: '1.25',
    RUSTASSISTANT_LLM_PRICE_OUTPUT: '2.5',
    LLM_KEY: KEY,
  };
}

interface Sarif {
  readonly runs: readonly { readonly results: readonly { readonly ruleId: string }[] }[];
}

function resultsOf(sarif: string): number {
  return (JSON.parse(sarif) as Sarif).runs[0]?.results.length ?? 0;
}

describe('the action', () => {
  test('without a key: local findings, one line that says so, all reports, also where it fails', async () => {
    const checkout = pullRequest(risky('added'));
    const ran = await runAnalyze({ checkout, home: join(freshFolder('home'), 'ra'), baseRef: 'main' });
    expect(ran.status).toBe(1);
    expect(ran.stderr).toBe('note: local rules only: XAI_API_KEY is not set\n');
    expect(ran.stdout).toMatch(/^::error file=src\/lib\.rs,line=2,/);
    expect(ran.stdout.match(/::error/g)).toHaveLength(1);
    expect(ran.stdout).toMatch(/\n\d+ findings? in items that did not change: not annotated\.\n/);
    expect(resultsOf(ran.sarif)).toBeGreaterThan(0);
    expect(ran.output).toMatch(/^sarif=\/.*rustassistant\.sarif\n$/);
    expect(ran.summary).toContain('### rustassistant: 1 high in items that changed\n');
    expect(ran.summary).toContain('src/lib.rs:2<');
    expect(ran.summary.match(/<details>/g)).toHaveLength(1);
  });

  test('what was there before does not fail it', async () => {
    const checkout = pullRequest('pub fn harmless() {}\n');
    const home = join(freshFolder('home'), 'ra');
    expect((await runAnalyze({ checkout, home, baseRef: 'main' })).status).toBe(0);
    // A push: everything is told, nothing fails.
    const push = await runAnalyze({ checkout, home });
    expect(push.status).toBe(0);
    expect(push.stdout).toContain('::error file=src/lib.rs');
    expect((await runAnalyze({ checkout, home, inputs: { 'fail-on': 'high' } })).status).toBe(1);
  });

  test('with a key: paid within the budget; a rerun with the restored cache sends nothing', async () => {
    const origin = proposed('pub fn harmless(t: &str) -> u8 { t.parse().unwrap() }\n');
    const checkout = checkoutOf(origin);
    const [home, env] = [join(freshFolder('home'), 'ra'), withKey()];
    const before = server.log.length;
    const first = await runAnalyze({ checkout, home, env, baseRef: 'main' });
    expect(first).toMatchObject({ stderr: '' });
    expect(server.log.length).toBe(before + 1);
    const restored = join(freshFolder('restored'), 'ra');
    cpSync(home, restored, { recursive: true });
    const again = await runAnalyze({ checkout: checkoutOf(origin), home: restored, env, baseRef: 'main' });
    expect(server.log.length).toBe(before + 1);
    expect([again.status, resultsOf(again.sarif)]).toEqual([first.status, resultsOf(first.sarif)]);
    const poor = await runAnalyze({
      checkout: pullRequest(risky('poor')),
      home,
      env,
      inputs: { budget: '0' },
    });
    expect(server.log.length).toBe(before + 1);
    expect(poor.status).toBe(3);
  });

  test('a shallow checkout ends with 2, says what mends it, and leaves no report to upload', async () => {
    const origin = proposed(risky('added'));
    const checkout = join(freshFolder('shallow'), 'work');
    git(origin, 'clone', '-q', '--depth=1', `file://${origin}`, checkout);
    const ran = await runAnalyze({ checkout, home: join(freshFolder('home'), 'ra'), baseRef: 'main' });
    expect([ran.status, ran.output, ran.sarif]).toEqual([2, '', '']);
    expect(ran.stderr).toContain('fetch-depth: 0');
  });

  test('announces the report of a whole run alone: one that was cut short would close alerts', async () => {
    const announced = async (status: number): Promise<boolean> => {
      const folder = freshFolder('step');
      const env = { SARIF: join(folder, 'r.sarif'), GITHUB_OUTPUT: join(folder, 'output') };
      writeFiles(folder, { output: '' });
      const program = `rustassistant() { echo '{}' > "$SARIF"; return ${status}; }`;
      const ran = await inBash(`${program}\n${step('Analyze').run}`, folder, env);
      expect(ran.status).toBe(status);
      return readFileSync(env.GITHUB_OUTPUT, 'utf8') === `sarif=${env.SARIF}\n`;
    };
    const by = async (statuses: readonly number[]) => Promise.all(statuses.map(announced));
    expect(await by([0, 1, 3])).toEqual([true, true, true]);
    expect(await by([2, 130, 137, 143])).toEqual([false, false, false, false]);
  });

  test('uploads and keeps whatever came of it; every input is used', () => {
    expect(action.inputs['budget']?.default).toBe('0.25');
    expect(step('Upload').if).toMatch(/^always\(\) && .*steps\.analyze\.outputs\.sarif != ''/);
    expect(step('Upload').with?.['sarif_file']).toBe('${{ steps.analyze.outputs.sarif }}');
    expect(step('Keep answers').if).toMatch(/^always\(\)/);
    expect(step('Keep answers').with?.['key']).toBe(step('Restore answers').with?.['key']);
    const steps = JSON.stringify(action.runs.steps);
    for (const name of Object.keys(action.inputs)) expect(steps, name).toContain(`inputs.${name}`);
    // What a pull request can name reaches no shell as code.
    for (const { run = '' } of action.runs.steps) expect(run).not.toContain('${{');
  });

  test('the documented workflow names inputs that there are', () => {
    interface Job {
      readonly steps: readonly { readonly uses: string; readonly with?: Readonly<Record<string, string>> }[];
    }
    for (const first of ['name: rustassistant\non:', 'jobs:']) {
      const { jobs } = yamlIn('docs/ci.md', first) as { readonly jobs: { readonly rustassistant: Job } };
      const [checkout, own] = jobs.rustassistant.steps;
      expect(checkout?.with?.['fetch-depth']).toBe(0);
      expect(own?.uses).toContain('/rustassistant@');
      for (const name of Object.keys(own?.with ?? {})) expect(Object.keys(action.inputs)).toContain(name);
    }
  });
});

describe('GitLab', () => {
  interface Job {
    readonly script: readonly string[];
    readonly artifacts: { readonly reports: { readonly codequality: string } };
  }
  const { rustassistant: job } = yamlIn('docs/ci.md', 'rustassistant:') as { readonly rustassistant: Job };

  test.each([
    ['a merge request', true, risky('added'), 1],
    ['a merge request that adds none', true, 'pub fn harmless() {}\n', 0],
    ['a branch', false, risky('added'), 0],
  ])('%s', async (_name, merge, added, status) => {
    const checkout = pullRequest(added);
    const base = git(checkout, 'rev-parse', 'origin/main').trim();
    const script = job.script.filter((line) => !line.startsWith('npm install')).join('\n');
    const ran = await inBash(script, checkout, {
      ...{ CI: 'true', HOME: freshFolder('user'), RUSTASSISTANT_HOME: join(checkout, '.rustassistant-home') },
      ...(merge ? { CI_MERGE_REQUEST_DIFF_BASE_SHA: base } : {}),
    });
    expect(ran.status, ran.stderr).toBe(status);
    expect(ran.stdout).toContain('LLM review off: XAI_API_KEY is not set');
    const report = readFileSync(join(checkout, job.artifacts.reports.codequality), 'utf8');
    expect((JSON.parse(report) as unknown[]).length).toBeGreaterThan(0);
  });
});
