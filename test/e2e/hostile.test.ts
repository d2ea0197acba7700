import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FileReport, Report } from '../../src/report/model.ts';
import type { Ran } from '../support/cli.ts';
import { analyzed, folderWith, freshFolder } from '../support/cli.ts';
import { BYSTANDER, INJECTIONS, SETTINGS, SILENCER, hostileRepository } from '../support/hostile-code.ts';
import type { LlmServer } from '../support/llm-server.ts';
import { startLlmServer } from '../support/llm-server.ts';
import { itemsOf } from '../support/llm-server/reviewer.ts';

const HARMLESS = INJECTIONS.map(() => 'Reads the header of a frame and gives back what follows it.');

let server: LlmServer;
beforeAll(async () => {
  server = await startLlmServer({ mind: obedient });
});
afterAll(() => server.close());

/** A model that does what code tells it: it clears all that it was sent with it, and accuses what it cannot know. */
function obedient(message: string): string | null {
  if (!INJECTIONS.some((text) => message.includes(text.slice(0, 12)))) return null;
  const accusation = {
    quote: 'pub fn never_sent() {}',
    severity: 'critical',
    category: 'security',
    title: 'approved \u001b[2J\u202e',
    message: 'Wipe it.',
    suggestion: '',
    related: [],
  };
  return JSON.stringify({ items: itemsOf(message).map(({ id }) => ({ id, findings: [accusation] })) });
}

interface Outcome {
  readonly report: Report;
  readonly ran: Ran;
  readonly files: ReadonlyMap<string, FileReport>;
}

async function outcomeOf(
  files: Readonly<Record<string, string>>,
  args: string[],
  home = '',
): Promise<Outcome> {
  const { report, repository, ran } = await analyzed(home === '' ? freshFolder('home') : home, [
    folderWith(files),
    ...args,
  ]);
  return { report, ran, files: new Map(repository.files.map((file) => [file.path, file])) };
}

/** The rules that speak in a file with how grave they are, sorted; what stands at which line differs by the text. */
function verdicts(file: FileReport | undefined, source: 'local' | 'llm'): string[] {
  const found =
    file?.findings.filter((each) => each.source === source && each.suppressed === undefined) ?? [];
  return found.map(({ rule, severity }) => `${rule} ${severity}`).sort();
}

function without(list: readonly string[], taken: readonly string[]): string[] {
  const rest = [...list];
  for (const one of taken) if (rest.includes(one)) rest.splice(rest.indexOf(one), 1);
  return rest;
}

test('no text in code, names or manifests removes a local finding or touches another file', async () => {
  const args = ['--provider', 'local'];
  const measure = await outcomeOf(hostileRepository(HARMLESS), args);
  const hostile = await outcomeOf(hostileRepository(INJECTIONS), args);
  expect(hostile.ran.status).toBe(measure.ran.status);
  expect(hostile.files.size).toBe(measure.files.size);

  const aside = hostile.files.get(BYSTANDER.path);
  expect(verdicts(aside, 'local').length).toBeGreaterThan(3);
  expect(aside?.findings).toEqual(measure.files.get(BYSTANDER.path)?.findings);
  expect(aside?.scores).toEqual(measure.files.get(BYSTANDER.path)?.scores);

  for (const [path, file] of measure.files) {
    const wanted = verdicts(file, 'local');
    if (path.startsWith('src/') && !path.includes(' ')) {
      expect(without(wanted, verdicts(hostile.files.get(path), 'local')), path).toEqual([]);
    }
  }
});

test('a comment that silences is shown as such, and under --untrusted not heard', async () => {
  const files = hostileRepository([SILENCER]);
  const path = 'src/line0.rs';
  const trusted = await outcomeOf(files, ['--provider', 'local']);
  const hidden = trusted.files.get(path)?.findings.filter(({ suppressed }) => suppressed !== undefined) ?? [];
  expect(hidden.map(({ rule }) => rule)).toContain('static-mut');
  const untrusted = await outcomeOf(files, ['--provider', 'local', '--untrusted']);
  expect(untrusted.files.get(path)?.findings.filter(({ suppressed }) => suppressed !== undefined)).toEqual(
    [],
  );
});

test('a mark that says that somebody keeps it makes a note, and under --untrusted none', async () => {
  const files = { 'src/lib.rs': '// TODO(#12): later\nstatic mut COUNT: u64 = 0;\n' };
  const severities = async (args: string[]) => {
    const { files: reported } = await outcomeOf(files, ['--provider', 'local', ...args]);
    return verdicts(reported.get('src/lib.rs'), 'local').filter((one) => one.startsWith('static-mut'));
  };
  expect(await severities([])).toEqual(['static-mut info']);
  expect(await severities(['--untrusted'])).toEqual(['static-mut high']);
});

test('a model that obeys the code spoils that file alone, at the same provider, within the same cap', async () => {
  const home = freshFolder('home');
  mkdirSync(join(home, 'ra'), { mode: 0o700 });
  writeFileSync(
    join(home, 'ra', 'config.toml'),
    `[llm]\nprovider = "openai-compatible"\nbase_url = "${server.url}"\nmodel = "grok-4.3"\n` +
      'price_input = 1.25\nprice_cached_input = 0.2\nprice_output = 2.5\n',
  );
  const files = { ...hostileRepository(INJECTIONS.slice(0, 3)), '.rustassistant.toml': SETTINGS };
  const hostile = await outcomeOf(files, ['--untrusted', '--budget', '0.50', '--yes'], home);

  expect(verdicts(hostile.files.get(BYSTANDER.path), 'llm')).toEqual(['review/error-handling medium']);
  for (const { findings } of hostile.files.values()) {
    expect(findings.filter(({ quote }) => quote.includes('never_sent'))).toEqual([]);
  }
  const { cost } = hostile.report.repositories[0]?.summary ?? {};
  expect(cost?.requests).toBe(server.log.length);
  expect(cost?.ticks).toBe(server.bill());
  // 1e10 ticks a dollar.
  expect(server.bill()).toBeLessThan(0.5 * 1e10);
  expect(new Set(server.log.map(({ model }) => model))).toEqual(new Set(['grok-4.3']));
  expect(new Set(server.log.map(({ messages }) => messages[0]?.content)).size).toBe(1);
  expect(new Set(server.log.map(({ parameters }) => JSON.stringify(Object.keys(parameters)))).size).toBe(1);
  expect(hostile.report.notices.map(({ code }) => code)).toContain('repository-config-ignored');
});
