import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ContextReport } from '../../src/report/context.ts';
import type { Report } from '../../src/report/model.ts';
import type { OutlineFile } from '../../src/report/outline.ts';
import type { SearchReport } from '../../src/report/search-model.ts';
import { homeWith, paidSettings } from '../commands/support.ts';
import { folderWith, rustassistant, writeFiles } from '../support/cli.ts';
import { startLlmServer } from '../support/llm-server.ts';
import { schemaErrors } from '../support/schema.ts';
import type { Connected } from './support.ts';
import { connect, errorOf, textOf, valueOf } from './support.ts';

const POOL = `//! Connections that are kept for the next request.

use crate::limits::Limits;

/// Hands out a free connection, or opens one more.
pub fn acquire(pool: &Pool) -> Connection {
    pool.idle.pop().unwrap_or_else(open)
}

pub struct Pool {
    idle: Vec<Connection>,
    limits: Limits,
}
`;
const SHELL = `pub fn shell(folder: &str) {
    std::process::Command::new("sh").arg("-c").arg(format!("ls {folder}"));
}
`;
const LIMITS = `pub struct Limits {
    pub patience: u64,
}

pub unsafe fn read(at: *const u8) -> u8 {
    unsafe { *at }
}

${SHELL}`;

const folder = folderWith({
  'src/lib.rs': 'mod pool;\nmod limits;\n',
  'src/pool.rs': POOL,
  'src/limits.rs': LIMITS,
});
let agent: Connected;
beforeAll(async () => {
  agent = await connect({ home: homeWith(), cwd: folder });
});
afterAll(() => agent.client.close());

describe('the tools are listed', () => {
  test('each with its use, and that it changes nothing', async () => {
    const { tools } = await agent.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['search', 'context', 'outline', 'findings']);
    for (const { description, annotations } of tools) {
      expect(description).toContain('Use it ');
      expect(annotations).toMatchObject({ readOnlyHint: true, openWorldHint: false });
    }
    expect(agent.client.getInstructions()).toContain('nothing is sent');
  });

  test('every argument is bounded, and there are no others', async () => {
    const { tools } = await agent.client.listTools();
    const unbounded = tools.flatMap(({ name, inputSchema }) => {
      expect(inputSchema['additionalProperties']).toBe(false);
      return Object.entries(inputSchema.properties ?? {}).flatMap(([argument, schema]) =>
        boundsMissing(schema as Schema).map((what) => `${name}.${argument}: ${what}`),
      );
    });
    expect(unbounded).toEqual([]);
  });

  test.each([
    ['search', 'search'],
    ['context', 'context'],
    ['outline', 'outline'],
    ['findings', 'analyze'],
  ])('%s gives what the schema of %s says', async (name, schema) => {
    const { tools } = await agent.client.listTools();
    const path = join(import.meta.dirname, '..', '..', 'schemas', `${schema}.schema.json`);
    const published = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    delete published['$schema'];
    expect(tools.find((tool) => tool.name === name)?.outputSchema).toEqual(published);
  });
});

interface Schema {
  readonly type: string;
  readonly items?: Schema;
  readonly [key: string]: unknown;
}

/** What of a schema has no bound. */
function boundsMissing({ type, items, ...schema }: Schema): string[] {
  const without = (...keys: string[]): string[] => keys.filter((key) => schema[key] === undefined);
  if (type === 'integer') return without('minimum', 'maximum');
  if (type === 'string') return schema['enum'] === undefined ? without('minLength', 'maxLength') : [];
  if (type === 'array')
    return [...without('maxItems'), ...(items === undefined ? ['items'] : boundsMissing(items))];
  return type === 'boolean' ? [] : [type];
}

describe('search', () => {
  test('finds items by what they do, with their place', async () => {
    const result = await agent.call('search', { query: 'hand out a free connection' });
    const report = valueOf<SearchReport>(result);
    expect(schemaErrors('search', report)).toEqual([]);
    expect(report.results[0]).toMatchObject({
      root: folder,
      path: 'src/pool.rs',
      name: 'acquire',
      startLine: 6,
    });
    expect(report.results[0]?.content).toBeUndefined();
    expect(textOf(result)).toMatch(new RegExp(`^in ${folder}:\nsrc/pool\\.rs:6 {2}pool::acquire\n`));
  });

  test('heeds kinds, globs, limit and paths', async () => {
    const names = async (args: object): Promise<string[]> => {
      const result = await agent.call('search', { query: 'connection limits pool', ...args });
      return valueOf<SearchReport>(result).results.map(({ path, name }) => `${path} ${name}`);
    };
    expect(await names({ kinds: ['struct'], limit: 1 })).toEqual(['src/pool.rs Pool']);
    expect(await names({ globs: ['!src/pool.rs'], kinds: ['struct'] })).toEqual(['src/limits.rs Limits']);
    expect(new Set((await names({ paths: ['src/limits.rs'] })).map((line) => line.split(' ')[0]))).toEqual(
      new Set(['src/limits.rs']),
    );
  });

  test('gives whole items where they are asked for, up to a size', async () => {
    const result = await agent.call('search', { query: 'acquire', content: true, limit: 1 });
    expect(valueOf<SearchReport>(result).results[0]?.content).toContain('pool.idle.pop()');
    const body = 'let longer_than_that = 1;\n'.repeat(2_000);
    const huge = folderWith({ 'src/lib.rs': `fn huge_one() { ${body} }\nfn huge_two() { ${body} }\n` });
    const wide = await connect({ home: homeWith(), cwd: huge });
    const found = valueOf<SearchReport>(await wide.call('search', { query: 'huge', content: true }));
    expect(schemaErrors('search', found)).toEqual([]);
    expect(found.results.filter(({ content }) => content !== undefined)).toHaveLength(1);
    expect(found.notices.map(({ code }) => code)).toContain('trimmed');
    await wide.client.close();
  });

  test('says what our own errors say', async () => {
    expect(errorOf(await agent.call('search', { query: 'the for and', mode: 'keyword' }))).toBe(
      'error: there is no word in the query to look for\nWords like "the" and "for" are in everything: say what the code is about.',
    );
  });
});

test('context packs what a task needs, and what that mentions', async () => {
  const result = await agent.call('context', { task: 'hand out a free connection', tokens: 400 });
  const report = valueOf<ContextReport>(result);
  expect(schemaErrors('context', report)).toEqual([]);
  expect(report.budget).toBe(400);
  expect(report.tokens).toBeLessThanOrEqual(400);
  expect(report.items.every(({ shown }) => shown !== 'nothing')).toBe(true);
  expect(textOf(result)).toContain('pub fn acquire(pool: &Pool) -> Connection {');
  const nothing = await agent.call('context', { task: 'zymurgy' });
  expect(textOf(nothing)).toContain('note: nothing was found for this task');
});

describe('outline', () => {
  interface Outline {
    readonly files: readonly OutlineFile[];
    readonly notices: readonly { readonly code: string }[];
  }

  test('lists the items of a file', async () => {
    const result = await agent.call('outline', { paths: ['src/pool.rs'] });
    const outline = valueOf<Outline>(result);
    expect(schemaErrors('outline', outline)).toEqual([]);
    expect(outline.files.map(({ path }) => path)).toEqual(['src/pool.rs']);
    expect(textOf(result)).toContain('pub fn acquire(pool: &Pool) -> Connection');
  });

  test('is cut at its limit, and says so', async () => {
    const outline = valueOf<Outline>(await agent.call('outline', { limit: 1 }));
    expect(schemaErrors('outline', outline)).toEqual([]);
    expect(outline.files.flatMap(({ items }) => items)).toHaveLength(1);
    expect(outline.notices.map(({ code }) => code)).toEqual(['trimmed']);
  });
});

const UNWRAP = 'pub fn parsed(text: &str) -> usize {\n    text.trim().parse().unwrap()\n}\n';

const foundIn = ({ repositories }: Report) =>
  repositories.flatMap(({ files }) => files.flatMap(({ findings }) => findings));

describe('findings', () => {
  test('of the local rules, the worst first', async () => {
    const result = await agent.call('findings');
    const report = valueOf<Report>(result);
    expect(schemaErrors('analyze', report)).toEqual([]);
    expect(report).toMatchObject({ provider: 'local', model: null });
    expect(foundIn(report).map(({ rule }) => rule)).toContain('shell-injection');
    expect(textOf(result)).toMatch(/^in .*:\nsrc\/limits\.rs:\d+: high\[/);
    expect(textOf(result)).toContain('note: local rules only: XAI_API_KEY is not set');
  });

  test('of one file, of one severity, so many', async () => {
    const clean = await agent.call('findings', { paths: ['src/lib.rs'], severity: 'critical' });
    expect(textOf(clean)).toContain('No findings of critical.');
    const one = await agent.call('findings', { severity: 'info', limit: 1 });
    const report = valueOf<Report>(one);
    expect(schemaErrors('analyze', report)).toEqual([]);
    expect(foundIn(report)).toHaveLength(1);
    expect(report.notices.map(({ code }) => code)).toContain('trimmed');
  });

  test('of answers that were paid for, without a request more', async () => {
    const llm = await startLlmServer();
    const home = homeWith(paidSettings(llm.url));
    const unwraps = folderWith({ 'src/lib.rs': `${UNWRAP}\n${SHELL}` });
    try {
      await rustassistant(home, ['analyze', unwraps], { env: { RUSTASSISTANT_HOME: home } });
      const paid = llm.log.length;
      expect(paid).toBeGreaterThan(0);
      const reader = await connect({ home, cwd: unwraps });
      const report = valueOf<Report>(await reader.call('findings', { severity: 'info', limit: 200 }));
      expect(schemaErrors('analyze', report)).toEqual([]);
      expect(report.provider).toBe('openai-compatible');
      expect(new Set(foundIn(report).map(({ source }) => source))).toEqual(new Set(['local', 'llm']));
      writeFiles(unwraps, { 'src/new.rs': UNWRAP.replace('parsed', 'fresh') });
      const unpaid = valueOf<Report>(await reader.call('findings'));
      expect(unpaid.repositories[0]?.summary.items.missing).toBe(1);
      expect(llm.log.length).toBe(paid);
      await reader.client.close();
    } finally {
      await llm.close();
    }
  });
});

describe('what is no call of a tool', () => {
  test.each([
    ['search', {}, '"query" is missing'],
    ['search', { query: '' }, '"query" must NOT have fewer than 1 characters'],
    ['search', { query: 'x'.repeat(1001) }, '"query" must NOT have more than 1000 characters'],
    ['search', { query: 'x', limit: 51 }, '"limit" must be <= 50'],
    ['search', { query: 'x', limit: 1.5 }, '"limit" must be integer'],
    [
      'search',
      { query: 'x', kinds: ['class'] },
      '"kinds.0" must be equal to one of the allowed values: fn, ',
    ],
    ['search', { query: 'x', root: '/' }, 'there is no argument "root"'],
    ['context', { task: 'x', tokens: 50_001 }, '"tokens" must be <= 50000'],
    ['outline', { paths: 'src' }, '"paths" must be array'],
    ['outline', { paths: Array.from({ length: 33 }, () => '.') }, '"paths" must NOT have more than 32 items'],
    ['findings', { severity: 'grave' }, '"severity" must be equal to one of the allowed values: critical, '],
    ['findings', { provider: 'xai' }, 'there is no argument "provider"'],
  ])('%s %j', async (name, args, message) => {
    const text = errorOf(await agent.call(name, args));
    expect(text).toContain(`error: ${name} cannot be called like this: `);
    expect(text).toContain(message);
    expect(text).toMatch(/\nIt takes: paths|\nIt takes: query, paths|\nIt takes: task, paths/);
  });

  test('an unknown tool', async () => {
    await expect(agent.call('analyze')).rejects.toThrow(
      'there is no tool "analyze". Known: search, context, outline, findings',
    );
  });
});
