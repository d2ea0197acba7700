import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlanReport } from '../../src/report/plan-model.ts';
import type { WhyReport } from '../../src/report/why-model.ts';
import { analyzed, folderWith, freshFolder, rustassistant, writeFiles } from '../support/cli.ts';
import type { RunOptions } from '../support/cli.ts';
import type { LlmServer, LoggedRequest } from '../support/llm-server.ts';
import { startLlmServer } from '../support/llm-server.ts';
import { schemaErrors } from '../support/schema.ts';
import { paidSettings } from '../commands/support.ts';

let server: LlmServer;
beforeAll(async () => {
  server = await startLlmServer();
});
afterAll(() => server.close());

function paidHome(of: LlmServer = server): string {
  const home = freshFolder('home');
  writeFiles(home, { 'ra/config.toml': paidSettings(of.url) });
  return home;
}

/** The schema name of each request since `from`, in their order. */
function askedSince(from: number, of: LlmServer = server): string[] {
  return of.log.slice(from).map(nameOf);
}

function nameOf({ parameters }: LoggedRequest): string {
  const format = parameters['response_format'] as { json_schema?: { name?: string } } | undefined;
  return format?.json_schema?.name ?? '';
}

function messageOf(request: LoggedRequest | undefined): string {
  return request?.messages.at(-1)?.content ?? '';
}

async function planned(home: string, args: readonly string[], options: RunOptions = {}): Promise<PlanReport> {
  const ran = await rustassistant(home, ['analyze', ...args, '--dry-run', '--json'], options);
  return JSON.parse(ran.stdout) as PlanReport;
}

const UNSAFE = {
  'src/lib.rs': `mod raw;
pub fn first(p: *const u8) -> u8 {
    // SAFETY: p is fine
    unsafe { std::ptr::read(p) }
}
pub fn poke(p: *mut u8) {
    unsafe { raw::set(p) }
}
pub fn plain(a: u8) -> u8 {
    a + 1
}
`,
  'src/raw.rs': `/// # Safety
/// - \`p\` must be valid for writes.
/// - The lock must be held.
pub unsafe fn set(p: *mut u8) {
    unsafe { p.write(1) }
}
`,
};

describe('the lens safety', () => {
  test('asks about unsafe code alone, with what is required; a finding has a requirement and a line', async () => {
    const home = paidHome();
    const folder = folderWith(UNSAFE);
    const from = server.log.length;
    const { repository } = await analyzed(home, [folder, '--lens', 'safety', '--no-verify']);
    expect(new Set(askedSince(from))).toEqual(new Set(['safety']));
    const shown = server.log.slice(from).map(messageOf).join('\n');
    expect(shown).toContain('] ptr::read: `src` must be valid for reads.');
    // Stated in another file.
    expect(shown).toContain('] set: The lock must be held.');
    expect(shown).not.toContain('fn plain');
    const found = repository.files
      .flatMap(({ findings }) => findings)
      .filter(({ source }) => source === 'llm');
    expect(found.map(({ rule, item, severity, title }) => [rule, item, severity, title])).toEqual(
      Array.from({ length: 2 }, () => [
        'safety/memory-safety',
        'first',
        'high',
        'A requirement of ptr::read is not kept',
      ]),
    );
    expect(found[0]?.message).toContain('Required: `src` must be properly aligned.');
    expect(found[0]?.quote).toContain('unsafe { std::ptr::read(p) }');
    // Again: nothing is asked, and nothing changes.
    const again = await analyzed(home, [folder, '--lens', 'safety', '--no-verify']);
    expect(again.repository.files.map(({ findings }) => findings)).toEqual(
      repository.files.map(({ findings }) => findings),
    );
    expect(again.repository.summary.items).toMatchObject({ paid: 0, missing: 0 });
    expect(server.log.length).toBe(from + askedSince(from).length);
  });

  test('a contract that changes in another file is asked about anew, and nothing else', async () => {
    const home = paidHome();
    const folder = folderWith(UNSAFE);
    const args = [folder, '--lens', 'review,safety', '--no-verify'];
    const plan = await planned(home, args);
    expect(schemaErrors('plan', plan)).toEqual([]);
    expect(plan.repositories[0]?.questions.map(({ name, items }) => [name, items])).toEqual([
      ['review', 4],
      ['safety', 2],
    ]);
    const usd = plan.repositories[0]?.questions.map((question) => question.usd ?? 0) ?? [];
    expect(usd.reduce((sum, one) => sum + one, 0)).toBeCloseTo(plan.repositories[0]?.toSend.usd ?? -1, 9);
    const start = server.log.length;
    const first = await analyzed(home, args);
    expect(first.repository.summary.items).toMatchObject({ found: 4, paid: 6, missing: 0 });
    // What was planned is what was sent.
    const sent = (name: string) => server.log.slice(start).filter((request) => nameOf(request) === name);
    expect(
      plan.repositories[0]?.questions.map(({ name, items, requests }) => [name, items, requests]),
    ).toEqual(
      ['review', 'safety'].map((name) => [
        name,
        sent(name).flatMap(({ items }) => items).length,
        sent(name).length,
      ]),
    );
    expect((await planned(home, args)).repositories[0]?.toSend).toMatchObject({ items: 0, requests: 0 });
    writeFiles(folder, { 'src/raw.rs': UNSAFE['src/raw.rs'].replace('The lock', 'The mutex') });
    const from = server.log.length;
    await analyzed(home, args);
    const asked = server.log.slice(from).map((request) => [nameOf(request), request.items.length]);
    // `set` itself was edited, and `poke` calls it.
    expect(asked).toEqual([
      ['review', 1],
      ['safety', 1],
    ]);
    expect(messageOf(server.log.at(-1))).toContain('fn poke');
  });

  test('why an answer is missing is told for each question', async () => {
    const home = paidHome();
    const folder = folderWith(UNSAFE);
    await analyzed(home, [folder, '--lens', 'review', '--no-verify']);
    const lenses = {
      env: { RUSTASSISTANT_ANALYSIS_LENSES: 'review,safety', RUSTASSISTANT_ANALYSIS_VERIFY: 'false' },
    };
    const why = async () => {
      const { stdout } = await rustassistant(
        home,
        ['cache', 'why', `${folder}/src/lib.rs`, '--json'],
        lenses,
      );
      const report = JSON.parse(stdout) as WhyReport;
      expect(schemaErrors('why', report)).toEqual([]);
      return report.items.map((one) => [one.item, one.question, one.state]);
    };
    expect(await why()).toEqual([
      ['first', 'review', 'stored'],
      ['first', 'safety', 'missing'],
      ['poke', 'review', 'stored'],
      ['poke', 'safety', 'missing'],
      ['plain', 'review', 'stored'],
    ]);
    const text = await rustassistant(home, ['cache', 'why', `${folder}/src/lib.rs`], lenses);
    expect(text.stdout).toContain('3 items, 5 questions: 3 stored, 2 missing');
    expect(text.stdout).toMatch(/missing +safety +2 +fn first +the question asked \(lens\): review → safety/);
    await analyzed(home, [folder], lenses);
    expect((await why()).map(([, , state]) => state)).toEqual(Array.from({ length: 5 }, () => 'stored'));
    writeFiles(folder, { 'src/raw.rs': UNSAFE['src/raw.rs'].replace('The lock', 'The mutex') });
    expect((await why()).map(([, , state]) => state)).toEqual([
      'stored',
      'stored',
      'stored',
      'missing',
      'stored',
    ]);
    const plan = await planned(home, [folder, '--why'], lenses);
    expect(schemaErrors('plan', plan)).toEqual([]);
    const missing = plan.repositories[0]?.missing ?? [];
    expect(missing.map(({ item, question }) => [item, question])).toEqual([
      ['set', 'review'],
      ['poke', 'safety'],
    ]);
  });

  test('a requirement without a verdict is no answer, and a verdict without a line no finding', async () => {
    const home = paidHome();
    const folder = folderWith({ 'src/lib.rs': UNSAFE['src/lib.rs'].replace('mod raw;', '') });
    const verdict = (requirement: number, quote: string) => ({
      requirement,
      quote,
      verdict: 'not discharged',
      reason: 'It can be null.',
    });
    const text = (verdicts: unknown) => JSON.stringify({ items: [{ id: 1, verdicts }] });
    const all = [1, 2, 3, 4].map((number) => verdict(number, 'nowhere in the code'));
    server.enqueue({ kind: 'text', text: text(all.slice(1)) }, { kind: 'text', text: text(all) });
    const from = server.log.length;
    const { repository, report } = await analyzed(home, [folder, '--lens', 'safety', '--no-verify']);
    expect(askedSince(from)).toEqual(['safety', 'safety']);
    expect(messageOf(server.log.at(-1))).toContain('none for requirement 1');
    expect(repository.summary.items).toMatchObject({ paid: 1, failed: 0 });
    expect(
      repository.files.flatMap(({ findings }) => findings).filter(({ source }) => source === 'llm'),
    ).toEqual([]);
    expect(report.notices.map(({ code }) => code)).toContain('unanchored');
  });
});

const GRAVE = {
  'src/lib.rs': ['stays', 'refute_me', 'unsure_me']
    .map((name) => `pub fn ${name}() {\n    grave();\n}\n`)
    .concat('pub fn mild(a: Option<u8>) {\n    a.unwrap();\n}\n')
    .join('\n'),
};

describe('the second look', () => {
  const outcome = async (home: string, args: readonly string[]) => {
    const { repository, report } = await analyzed(home, args);
    const found = repository.files
      .flatMap(({ findings }) => findings)
      .filter(({ source }) => source === 'llm');
    return {
      report,
      repository,
      found: found.map(({ item, severity, suppressed }) => [item, severity, suppressed ?? '']),
    };
  };

  test('refuted findings count no more, undecided ones are milder, others stay', async () => {
    const home = paidHome();
    const folder = folderWith(GRAVE);
    const from = server.log.length;
    const first = await outcome(home, [folder]);
    expect(askedSince(from)).toEqual(['review', 'verify']);
    expect(server.log.at(-1)?.items).toHaveLength(3);
    expect(messageOf(server.log.at(-1))).toContain('// claim: high, error-handling');
    expect(first.found).toEqual([
      ['stays', 'high', ''],
      ['refute_me', 'high', 'refuted by a second look: The line before it decides.'],
      ['unsure_me', 'medium', ''],
      ['mild', 'medium', ''],
    ]);
    expect(first.repository.summary.findings).toMatchObject({ high: 1 });
    expect(first.repository.summary.suppressed).toBe(1);
    // Again, also without a connection: the same, and nothing is asked.
    const sent = server.log.length;
    expect((await outcome(home, [folder])).found).toEqual(first.found);
    expect((await outcome(home, [folder, '--offline'])).found).toEqual(first.found);
    expect(server.log.length).toBe(sent);
  });

  test('--no-verify asks for none; a plan prices those that wait', async () => {
    const home = paidHome();
    const folder = folderWith(GRAVE);
    const from = server.log.length;
    const first = await outcome(home, [folder, '--no-verify']);
    expect(askedSince(from)).toEqual(['review']);
    expect(first.repository.summary.findings).toMatchObject({ high: 3 });
    const plan = await planned(home, [folder]);
    expect(schemaErrors('plan', plan)).toEqual([]);
    const questions = plan.repositories[0]?.questions.map(({ name, items }) => [name, items]);
    expect(questions).toEqual([
      ['review', 0],
      ['verify', 3],
    ]);
    expect(plan.repositories[0]?.toSend.ticks).toBeGreaterThan(0);
    const text = await rustassistant(home, ['analyze', folder, '--dry-run']);
    expect(text.stdout).toMatch(/Questions +verify 3 items \$0\.0\d+/);
    await outcome(home, [folder]);
    expect(askedSince(from)).toEqual(['review', 'verify']);
  });

  test('an edit puts the edited item’s finding alone to another look', async () => {
    const home = paidHome();
    const folder = folderWith(GRAVE);
    await outcome(home, [folder]);
    const from = server.log.length;
    writeFiles(folder, { 'src/lib.rs': `// moved\n${GRAVE['src/lib.rs'].replace('fn stays', 'fn stands')}` });
    const { found } = await outcome(home, [folder]);
    expect(server.log.slice(from).map((request) => [nameOf(request), request.items.length])).toEqual([
      ['review', 1],
      ['verify', 1],
    ]);
    expect(found).toHaveLength(4);
    expect(found[1]?.[2]).toContain('refuted');
  });

  test('a plan says what a second look would add', async () => {
    const home = paidHome();
    const folder = folderWith(GRAVE);
    const plan = await planned(home, [folder]);
    expect(schemaErrors('plan', plan)).toEqual([]);
    const each = plan.repositories[0]?.secondLook?.ticks ?? 0;
    const text = await rustassistant(home, ['analyze', folder, '--dry-run']);
    expect(text.stdout).toMatch(/Second look about \$0\.0\d+ more for each finding of high or worse/);
    const before = server.bill();
    await outcome(home, [folder, '--no-verify']);
    const first = server.bill() - before;
    await outcome(home, [folder]);
    // Three that share a request cost less than three alone.
    expect(server.bill() - before - first).toBeLessThan(3 * each);
    expect((await planned(home, [folder])).repositories[0]?.secondLook).toBeNull();
    expect((await planned(paidHome(), [folder, '--no-verify'])).repositories[0]?.secondLook).toBeNull();
  });

  test('what it refuted is no comment in the code, and nobody’s dismissal', async () => {
    const home = paidHome();
    const folder = folderWith(GRAVE);
    const { repository, report } = await outcome(home, [folder]);
    expect(schemaErrors('analyze', report)).toEqual([]);
    expect(report.notices).toContainEqual({
      code: 'refuted',
      message: 'a second look refuted 1 finding of the model, which counts as suppressed',
    });
    const refuted = repository.files.flatMap(({ findings }) => findings).find((one) => one.refuted === true);
    expect(refuted?.item).toBe('refute_me');
    const sarif = await rustassistant(home, ['analyze', folder, '--format', 'sarif']);
    const runs = JSON.parse(sarif.stdout) as { runs: [{ results: { suppressions?: unknown[] }[] }] };
    expect(runs.runs[0].results.flatMap(({ suppressions = [] }) => suppressions)).toEqual([
      {
        kind: 'external',
        status: 'accepted',
        justification: 'refuted by a second look: The line before it decides.',
      },
    ]);
    const listed = await rustassistant(home, ['findings', 'list'], { cwd: folder });
    expect(listed.stdout).toContain('  refuted by a second look: The line before it decides.');
    const dismissal = ['findings', 'dismiss', refuted?.id ?? '', '--reason', 'fine'];
    const dismissed = await rustassistant(home, dismissal, { cwd: folder });
    expect([dismissed.status, dismissed.stderr]).toEqual([
      2,
      expect.stringContaining('by a second look already'),
    ]);
  });

  test('a verdict that shows no line refutes nothing', async () => {
    const home = paidHome();
    const folder = folderWith({ 'src/lib.rs': 'pub fn one() {\n    grave();\n}\n' });
    const items = [{ id: 1, verdict: 'refuted', quote: 'assert!(it_is_checked);', reason: 'It is checked.' }];
    server.enqueue({ kind: 'review' }, { kind: 'text', text: JSON.stringify({ items }) });
    expect((await outcome(home, [folder])).found).toEqual([['one', 'medium', '']]);
  });

  test('code that is not trusted is not talked free', async () => {
    const folder = folderWith(GRAVE);
    const { found, repository } = await outcome(paidHome(), [folder, '--untrusted']);
    expect(found.slice(0, 3)).toEqual([
      ['stays', 'high', ''],
      ['refute_me', 'medium', ''],
      ['unsure_me', 'medium', ''],
    ]);
    const messages = repository.files.flatMap(({ findings }) => findings).map(({ message }) => message);
    expect(messages.filter((one) => one.includes('A second look would refute it'))).toHaveLength(1);
  });

  test('a budget that ends the first look ends the second too', async () => {
    const home = paidHome();
    const folder = folderWith(GRAVE);
    const from = server.log.length;
    const { repository } = await outcome(home, [folder, '--budget', '0.0001']);
    expect(askedSince(from)).toEqual([]);
    expect(repository.summary.items).toMatchObject({ paid: 0, missing: 4 });
  });

  test('a budget that is spent by the first look leaves the second to another run', async () => {
    const home = paidHome();
    const all = Array.from({ length: 12 }, (_, at) => `pub fn stays${at}() {\n    grave();\n}\n`);
    const folder = folderWith({ 'src/lib.rs': all.join('\n') });
    const plan = await planned(home, [folder]);
    const worst = plan.repositories[0]?.worstCase.usd ?? 0;
    const from = server.log.length;
    const before = server.bill();
    const budget = String(Math.ceil(worst * 1.02 * 1e6) / 1e6);
    const first = await outcome(home, [folder, '--budget', budget]);
    expect(askedSince(from)).toEqual(['review']);
    expect(server.bill() - before).toBeLessThanOrEqual(Number(budget) * 1e10);
    expect(first.repository.summary.items).toMatchObject({ paid: 12, missing: 12 });
    expect(first.repository.summary).toMatchObject({ incomplete: true, findings: { high: 12 } });
    const then = await outcome(home, [folder]);
    expect(askedSince(from)).toEqual(['review', 'verify']);
    expect(then.repository.summary).toMatchObject({ incomplete: false, findings: { high: 12 } });
  });
});

describe('an end in the middle of the second look', () => {
  const ticks = async (home: string): Promise<{ ticks: number; openTicks: number }> => {
    const { stdout } = await rustassistant(home, ['usage', '--json']);
    return (JSON.parse(stdout) as { total: { ticks: number; openTicks: number } }).total;
  };

  test('Ctrl-C waits for it, and nothing is paid twice', async () => {
    const slow = await startLlmServer({ behaviour: { kind: 'review', delayMs: 300 } });
    const home = paidHome(slow);
    const folder = folderWith(GRAVE);
    const ran = await rustassistant(home, ['analyze', folder, '--json'], {
      onStart: (kill) => void slow.arrived(2).then(() => kill('SIGINT')),
    });
    expect(ran.status).toBe(130);
    const { repository } = await analyzed(home, [folder]);
    await slow.close();
    expect(askedSince(0, slow)).toEqual(['review', 'verify']);
    expect(repository.summary).toMatchObject({
      suppressed: 1,
      incomplete: false,
      items: { missing: 0, paid: 0 },
    });
    expect(await ticks(home)).toMatchObject({ ticks: slow.bill(), openTicks: 0 });
  });

  test('a crash: the first look stays paid, the second is asked again, its worst case is held', async () => {
    const hanging = await startLlmServer();
    hanging.enqueue({ kind: 'review' }, { kind: 'hang', when: 'before-headers' });
    const home = paidHome(hanging);
    const folder = folderWith(GRAVE);
    const ran = await rustassistant(home, ['analyze', folder], {
      onStart: (kill) => void hanging.arrived(2).then(() => kill('SIGKILL')),
    });
    expect(ran.status).toBeNull();
    const { repository } = await analyzed(home, [folder]);
    await hanging.close();
    expect(askedSince(0, hanging)).toEqual(['review', 'verify', 'verify']);
    expect(repository.summary).toMatchObject({ suppressed: 1, incomplete: false, items: { missing: 0 } });
    const { ticks: spent, openTicks } = await ticks(home);
    expect(spent + openTicks).toBeGreaterThanOrEqual(hanging.bill());
    expect(openTicks).toBeGreaterThan(0);
  });
});
