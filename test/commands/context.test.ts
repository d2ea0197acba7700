import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ContextReport } from '../../src/report/context.ts';
import { folderWith } from '../support/cli.ts';
import { schemaErrors } from '../support/schema.ts';
import { command, homeWith, json } from './support.ts';

const POOL = `use crate::config::Limits;
use std::fmt;

pub struct Pool {
    limits: Limits,
}

impl Pool {
    /// Waits for a free connection, at most as long as the limits say.
    pub fn acquire(&self) -> u32 {
        let limits: &Limits = &self.limits;
        wait_at_most(limits.patience)
    }

    fn unrelated(&self) {}
}
`;
const CONFIG = `pub struct Limits {
    pub patience: u64,
}

/// Sleeps.
pub fn wait_at_most(seconds: u64) -> u32 {
    let long_body = seconds;
    long_body as u32
}
`;

const home = homeWith();
const folder = folderWith({
  'src/pool.rs': POOL,
  'src/config.rs': CONFIG,
  'src/lib.rs': 'mod pool;\nmod config;\n',
  'src/marks.rs': '/// A mark of tokenizers: <|endoftext|> and <|im_start|>\npub fn endoftext_mark() {}\n',
});

async function pack(task: string, ...args: string[]): Promise<ContextReport> {
  const report = await json<ContextReport>(['context', task, ...args], { home, cwd: folder });
  expect(schemaErrors('context', report)).toEqual([]);
  expect(report.tokens).toBeLessThanOrEqual(report.budget);
  expect(countTokens(report.text, { disallowedSpecial: new Set() })).toBe(report.tokens);
  return report;
}

test('the items found with the blocks and imports around them, then what they mention', async () => {
  const { text, items } = await pack('wait for a free connection');
  expect(text).toContain(`// file: src/pool.rs, module pool
use crate::config::Limits;
`);
  expect(text).toContain(`impl Pool {
// line 9
    /// Waits for a free connection, at most as long as the limits say.
    pub fn acquire(&self) -> u32 {`);
  expect(text).toContain('pub fn wait_at_most(seconds: u64) -> u32');
  expect(items.find(({ name }) => name === 'acquire')).toMatchObject({ role: 'match', shown: 'whole' });
});

test('a type that is mentioned comes with its fields, a function without its body', async () => {
  const { text, items } = await pack('acquire');
  expect(items.find(({ name }) => name === 'wait_at_most')).toMatchObject({ role: 'dependency' });
  expect(text).not.toContain('long_body');
});

test('a small budget is kept', async () => {
  for (const tokens of [1, 30, 60, 100, 200]) {
    const report = await pack('wait for a free connection', '--tokens', String(tokens));
    expect(report.tokens).toBeLessThanOrEqual(tokens);
  }
});

test("a tokenizer's marks in the code are text", async () => {
  expect((await pack('endoftext_mark')).text).toContain('<|endoftext|>');
});

test('as text it is the pack alone; nothing found is said', async () => {
  const options = { home, cwd: folder };
  expect((await command(['context', 'acquire'], options)).stdout).toBe((await pack('acquire')).text);
  const none = await command(['context', 'zeppelin'], options);
  expect([none.status, none.stdout, none.stderr]).toEqual([0, '', 'note: nothing was found for this task\n']);
  const narrow = await command(['context', 'acquire', '--tokens', '1'], options);
  expect([narrow.status, narrow.stdout]).toEqual([0, '']);
  expect(narrow.stderr).toMatch(/^note: \d items? found, and none has room in 1 token\n$/);
});

test('a part of a repository gives nothing of the rest', async () => {
  const { items } = await pack('acquire wait', '--repo', join(folder, 'src/config.rs'));
  expect(new Set(items.map(({ path }) => path))).toEqual(new Set(['src/config.rs']));
});
