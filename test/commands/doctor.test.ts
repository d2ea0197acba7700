import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, test } from 'vitest';
import type { DoctorReport } from '../../src/report/doctor.ts';
import { openDatabase } from '../../src/store/sqlite.ts';
import { folderWith, freshFolder } from '../support/cli.ts';
import { schemaErrors } from '../support/schema.ts';
import type { CommandOptions } from './support.ts';
import { command, homeWith, json } from './support.ts';

/** Status and message of one check. */
async function check(name: string, options: CommandOptions): Promise<string[]> {
  const report = await json<DoctorReport>(['doctor'], options);
  expect(schemaErrors('doctor', report)).toEqual([]);
  return report.checks
    .filter((one) => one.name === name)
    .map(({ status, message }) => `${status}: ${message}`);
}

describe('a sound machine', () => {
  test('is all well, and left as it was', async () => {
    const home = homeWith();
    const { stdout, status } = await command(['doctor'], { home });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ok {4}node {7}\d/);
    expect(stdout).toContain('ok    sqlite');
    expect(stdout).toContain('ok    grammar    loads and parses\n');
    expect(stdout).toContain('ok    zstd       reads\n');
    expect(stdout).toContain('ok    ledger     nothing spent yet\n');
    expect(stdout).not.toContain('fail');
    expect((await command(['doctor', '-q'], { home })).stdout).toBe('All is well.\n');
  });

  test('sees the databases of a run', async () => {
    const home = homeWith();
    await command(['analyze', folderWith({ 'src/lib.rs': 'pub fn f() {}\n' }), '--dry-run'], { home });
    expect(await check('answers', { home })).toEqual(['ok: sound']);
    expect(await check('ledger', { home })).toEqual([expect.stringMatching(/^ok: sound, 1 entr/)]);
    expect(await check('results', { home })).toEqual(['ok: 1 database sound']);
  });
});

describe('the home', () => {
  test('open to others', async () => {
    const home = homeWith();
    chmodSync(home, 0o755);
    expect(await check('home', { home })).toEqual([`warn: ${home} is open to others (mode 0755)`]);
  });

  test('that is a file, or a link to nothing', async () => {
    const file = join(freshFolder('home'), 'file');
    writeFileSync(file, '');
    expect((await command(['doctor'], { home: file })).status).toBe(2);
    expect(await check('home', { home: file })).toEqual([`fail: ${file} is no directory`]);
  });

  test('that cannot be named', async () => {
    const options = { home: homeWith(), env: { RUSTASSISTANT_HOME: 'relative' } };
    expect((await command(['doctor'], options)).status).toBe(2);
    expect(await check('home', options)).toEqual([
      expect.stringContaining('fail: RUSTASSISTANT_HOME is not an'),
    ]);
    expect(await check('grammar', options)).toEqual(['ok: loads and parses']);
  });
});

describe('settings', () => {
  test('mistakes are told at once, each with its line', async () => {
    const home = homeWith('[llm]\nmodle = "x"\n[budget]\nper_day = "much"\n');
    const { stdout, status } = await command(['doctor'], { home });
    expect(status).toBe(2);
    expect(stdout).toMatch(/fail {2}config +config\.toml:2: unknown key "llm\.modle".*\n +config\.toml:4: /);
  });

  test('the key: where it is, and never what it is', async () => {
    const canary = 'xai-canary-0123456789';
    const home = homeWith();
    const env = { XAI_API_KEY: canary };
    expect(await check('key', { home })).toEqual(['ok: XAI_API_KEY is not set: local rules only']);
    expect(await check('key', { home, env })).toEqual(['ok: present (XAI_API_KEY)']);
    const file = join(home, 'key');
    writeFileSync(file, canary, { mode: 0o644 });
    writeFileSync(join(home, 'config.toml'), `[llm]\nkey_file = "${file}"\n`);
    expect(await check('key', { home })).toEqual([expect.stringMatching(/^fail: .* is open to others/)]);
    chmodSync(file, 0o600);
    expect(await check('key', { home })).toEqual([`ok: present (key_file ${file})`]);
    writeFileSync(join(home, 'config.toml'), `[llm]\nkey_command = "touch ${home}/ran; echo ${canary}"\n`);
    expect(await check('key', { home })).toEqual(['ok: key_command (not run here)']);
    const { stdout } = await command(['doctor'], { home, env });
    expect(stdout).not.toContain('canary');
    writeFileSync(join(home, 'config.toml'), '[llm]\nprovider = "xai"\n');
    expect(await check('key', { home })).toEqual(['fail: provider is xai, and XAI_API_KEY is not set']);
  });

  test('certificates to trust', async () => {
    const none = homeWith('[tls]\nca_file = "/nowhere/ca.pem"\n');
    expect(await check('tls', { home: none })).toEqual(['fail: tls.ca_file /nowhere/ca.pem does not exist']);
    const file = join(freshFolder('ca'), 'ca.pem');
    writeFileSync(file, `# two\n${rootCertificates.slice(0, 2).join('\n')}\n`);
    const two = homeWith(`[tls]\nca_file = "${file}"\n`);
    expect(await check('tls', { home: two })).toEqual(['ok: tls.ca_file: 2 certificates']);
    writeFileSync(file, `${rootCertificates[0]?.replace(/\n[^-]*/, '\nAAAA\n')}\n`);
    expect(await check('tls', { home: two })).toEqual([
      `fail: tls.ca_file ${file} holds a certificate that cannot be read`,
    ]);
  });

  test('a model without a price', async () => {
    const home = homeWith(
      '[llm]\nprovider = "openai-compatible"\nbase_url = "http://127.0.0.1:9/v1"\nmodel = "m"\n',
    );
    expect(await check('model', { home })).toEqual(['warn: m at 127.0.0.1:9: its price is unknown']);
  });
});

describe('databases', () => {
  test('damaged ones, and what they mean', async () => {
    const home = homeWith();
    await command(['analyze', folderWith({ 'src/lib.rs': 'pub fn f() {}\n' }), '--dry-run'], { home });
    writeFileSync(join(home, 'cache', 'answers.db'), 'this is no database, and was never one'.repeat(100));
    rmSync(join(home, 'cache', 'answers.db-wal'), { force: true });
    expect(await check('answers', { home })).toEqual([expect.stringMatching(/^fail: answers\.db: /)]);
    writeFileSync(join(home, 'cache', 'global.db.corrupt-20260101T000000'), 'x'.repeat(5000));
    expect(await check('set-aside', { home })).toEqual([
      expect.stringMatching(/^warn: 1 damaged file set aside/),
    ]);
    rmSync(join(home, 'ledger.db'));
    expect(await check('ledger', { home })).toEqual(['warn: ledger.db is gone']);
    rmSync(join(home, 'ledger.log'));
    for (const copy of ['ledger.log.1', 'ledger.log.2']) rmSync(join(home, copy), { force: true });
    expect(await check('ledger', { home })).toEqual(['fail: it is gone, and answers were paid for']);
    expect((await command(['doctor'], { home })).status).toBe(2);
  });

  test('a ledger that does not know', async () => {
    const home = homeWith();
    const database = await openDatabase(join(home, 'ledger.db'), {
      migrations: ['CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL)'],
      synchronous: 'FULL',
    });
    database.exec(`INSERT INTO state VALUES ('unknown', 'the dog ate it')`);
    database.close();
    expect(await check('ledger', { home })).toEqual(['fail: what was spent is unknown: the dog ate it']);
  });
});

test('no git on the PATH is a warning', async () => {
  const bin = join(freshFolder('bin'), 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  const options = { home: homeWith(), env: { PATH: bin } };
  expect(await check('git', options)).toEqual(['warn: git could not be started: it is not on the PATH']);
  expect((await command(['doctor'], options)).status).toBe(0);
});
