import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlanReport } from '../../src/report/plan-model.ts';
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

function paidHome(): string {
  const home = freshFolder('home');
  writeFiles(home, { 'ra/config.toml': paidSettings(server.url) });
  return home;
}

/** The schema name of each request since `from`, in their order. */
function askedSince(from: number): string[] {
  return server.log.slice(from).map(nameOf);
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
    const first = await analyzed(home, args);
    expect(first.repository.summary.items).toMatchObject({ found: 4, paid: 6, missing: 0 });
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

  test('a budget that ends the first look ends the second too', async () => {
    const home = paidHome();
    const folder = folderWith(GRAVE);
    const from = server.log.length;
    const { repository } = await outcome(home, [folder, '--budget', '0.0001']);
    expect(askedSince(from)).toEqual([]);
    expect(repository.summary.items).toMatchObject({ paid: 0, missing: 4 });
  });
});
