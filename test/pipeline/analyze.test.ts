import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Host } from '../../src/host.ts';
import { analyze } from '../../src/pipeline/analyze.ts';
import { createPool } from '../../src/pipeline/pool.ts';
import { targetsFor } from '../../src/pipeline/targets.ts';
import { SILENT } from '../../src/report/progress.ts';
import { openLayout } from '../../src/store/layout.ts';
import { folderWith, freshFolder } from '../support/cli.ts';

test('an interrupt says how many files were not reached, and the next run reaches them', async () => {
  const text = `pub fn f() {}\n${'// padding\n'.repeat(2_000)}`;
  const files = Array.from({ length: 60 }, (_, at) => [`src/f${at}.rs`, text] as const);
  const folder = folderWith(Object.fromEntries(files));
  const home = freshFolder('home');
  const interrupt = new AbortController();
  const streams = { stdin: process.stdin, stdout: new PassThrough(), stderr: new PassThrough() };
  const host: Host = {
    ...streams,
    env: { HOME: home, RUSTASSISTANT_HOME: home },
    cwd: folder,
    now: () => Date.now(),
    random: () => Math.random(),
    signal: interrupt.signal,
  };
  const request = {
    targets: await targetsFor(host, [folder]),
    since: null,
    baseline: null,
    tells: 'the-user' as const,
    detail: { kind: 'all' } as const,
  };
  const pool = createPool();
  const run = (signal: AbortSignal, onFile: () => void) =>
    analyze(
      {
        host: { ...host, signal },
        layout: openLayout(home),
        progress: { ...SILENT, advance: onFile },
        pool,
        reviewer: null,
      },
      request,
    );
  try {
    const first = await run(interrupt.signal, () => interrupt.abort());
    const found = first.repositories[0]?.summary.files.found ?? 0;
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(60);
    expect(first.repositories[0]?.summary.incomplete).toBe(true);
    expect(first.notices.map(({ message }) => message).join()).toContain(
      `${60 - found} files of those found`,
    );
    const second = await run(new AbortController().signal, () => undefined);
    expect(second.repositories[0]?.summary.files).toMatchObject({ found: 60, cached: found });
    expect(second.notices).toEqual([]);
  } finally {
    await pool.close();
  }
});
