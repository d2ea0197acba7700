import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import { openLimiter, refill } from '../../src/llm/limiter.ts';

const never = new AbortController().signal;

describe('the bucket', () => {
  test.each([
    [60, 10, 1, 1_000],
    [240, 10, 1, 250],
    [480, 10, 2, 250],
    [1, 1, 1, 60_000],
    [6_000, 1, 1, 250],
  ])('of %i per minute and burst %i gains %i every %i ms', (requestsPerMinute, burst, amount, intervalMs) => {
    expect(refill({ requestsPerMinute, burst })).toEqual({ amount, intervalMs });
  });

  test('never fills faster than asked, and hardly slower', () => {
    for (let requestsPerMinute = 1; requestsPerMinute <= 600; requestsPerMinute += 1) {
      const { amount, intervalMs } = refill({ requestsPerMinute, burst: 10 });
      const rate = (amount * 60_000) / intervalMs;
      expect(rate).toBeLessThanOrEqual(requestsPerMinute);
      expect(rate).toBeGreaterThan(requestsPerMinute * 0.85);
    }
  });
});

describe('the limiter', () => {
  test('runs no more at once than it may', async () => {
    const limiter = await openLimiter({ requestsPerMinute: 6_000, burst: 100, concurrency: 3 });
    let running = 0;
    let most = 0;
    let release = () => {};
    const full = new Promise<void>((resolve) => (release = resolve));
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      if (running === 3) setTimeout(release, 50);
      await full;
      running -= 1;
    };
    await Promise.all(Array.from({ length: 12 }, () => limiter.schedule(work, never)));
    expect(most).toBe(3);
    await limiter.close();
  });

  test('keeps the rate once the burst is through', async () => {
    const limiter = await openLimiter({ requestsPerMinute: 240, burst: 3, concurrency: 10 });
    const start = performance.now();
    const times = await Promise.all(
      Array.from({ length: 5 }, () => limiter.schedule(async () => performance.now() - start, never)),
    );
    expect(times[4]).toBeGreaterThan(400);
    await limiter.close();
  });

  test('gives back errors and results, and lets nobody wait who was interrupted', async () => {
    const limiter = await openLimiter({ requestsPerMinute: 1, burst: 2, concurrency: 1 });
    expect(await limiter.schedule(async () => 7, never)).toBe(7);
    await expect(limiter.schedule(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
    const controller = new AbortController();
    let ran = false;
    const waiting = limiter.schedule(async () => (ran = true), controller.signal);
    controller.abort(new Error('interrupted'));
    await expect(waiting).rejects.toThrow('interrupted');
    await limiter.close();
    expect(ran).toBe(false);
  });

  test('keeps the process alive while somebody waits', () => {
    const path = fileURLToPath(new URL('../../src/llm/limiter.ts', import.meta.url));
    const script = `const { openLimiter } = await import(${JSON.stringify(path)});
      const limiter = await openLimiter({ requestsPerMinute: 240, burst: 1, concurrency: 1 });
      const signal = new AbortController().signal;
      await limiter.schedule(async () => {}, signal);
      await limiter.schedule(async () => {}, signal);
      process.stdout.write('done');`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('done');
  });
});
