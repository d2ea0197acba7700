/**
 * Kills paid runs at random moments and looks at what is left:
 *   tsx scripts/kill-test.ts [--trials 50] [--seed N]
 *
 * Each trial has a home of its own. A run is killed (SIGKILL, from this process) a random time after a random number of
 * its requests were answered; then the same command runs again. Claims, checked against the server's log and bill:
 * - after the kill, settled + open is not below the server's bill;
 * - the second run completes and loses no stored answer;
 * - no item whose answer was stored is asked again: what is asked twice was in flight when the run was killed;
 * - in the end what is settled equals the bill of the requests whose answers are stored, and settled + open is
 *   not below the whole bill; a third run sends nothing.
 */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openAnswers } from '../src/store/answers.ts';
import { openLayout } from '../src/store/layout.ts';
import { sha256 } from '../src/util/hash.ts';
import type { LlmServer, LoggedRequest } from '../test/support/llm-server.ts';
import { startLlmServer } from '../test/support/llm-server.ts';
import { itemsOf } from '../test/support/llm-server/reviewer.ts';
import { parseReport } from './support/report.ts';
import { paidEnv, start } from './support/run.ts';

const FILES = 16;
const FUNCTIONS = 8;
const ANSWER_DELAY_MS = 25;
/** So many requests may be on their way at once: `llm.concurrency`. */
const CONCURRENCY = 4;

const { values: flags } = parseArgs({
  options: { trials: { type: 'string', default: '50' }, seed: { type: 'string' } },
});
const seed = Number(flags.seed ?? Math.floor(Math.random() * 2 ** 31));

/** Marsaglia's xorshift32: the same seed gives the same moments. */
function generator(from: number): () => number {
  let state = from | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Functions that all differ and all unwrap: every answer carries findings. */
function makeTree(folder: string): void {
  mkdirSync(join(folder, 'src'), { recursive: true });
  writeFileSync(
    join(folder, 'Cargo.toml'),
    '[package]\nname = "killed"\nversion = "0.1.0"\nedition = "2021"\n',
  );
  const names = Array.from({ length: FILES }, (_, at) => `part${at}`);
  writeFileSync(join(folder, 'src', 'lib.rs'), names.map((name) => `pub mod ${name};\n`).join(''));
  for (const [at, name] of names.entries()) {
    const functions = Array.from({ length: FUNCTIONS }, (_, part) => {
      const n = at * FUNCTIONS + part;
      return `/// Reads field ${n} of a record and scales it.
pub fn field_${n}(record: &str) -> u64 {
    let text = record.split(',').nth(${n}).unwrap();
    let value: u64 = text.trim().parse().unwrap();
    if value > ${1000 + n} {
        return value / ${n + 2};
    }
    value * ${n + 3} + ${n}
}
`;
    });
    writeFileSync(join(folder, 'src', `${name}.rs`), functions.join('\n'));
  }
}

interface Money {
  readonly settled: number;
  readonly open: number;
}

async function moneyOf(home: string, env: Record<string, string>): Promise<Money> {
  const ran = await start(['usage', '--format', 'json'], { home, env }).ended;
  if (ran.status !== 0) throw new Error(`usage: ${ran.stdout}${ran.stderr}`);
  const usage = JSON.parse(ran.stdout) as { byModel: { ticks: number; openTicks: number }[] };
  const sum = (key: 'ticks' | 'openTicks'): number =>
    usage.byModel.reduce((total, row) => total + row[key], 0);
  return { settled: sum('ticks'), open: sum('openTicks') };
}

/** Hashes of the items with a stored answer, by the key that it is stored under; read from a copy. */
async function storedItems(home: string): Promise<Map<string, string>> {
  const copy = `${home}-copy`;
  cpSync(home, copy, { recursive: true });
  const answers = await openAnswers(openLayout(copy));
  try {
    const select = answers.database.prepare<{ key: string; item: string; request: string }>(
      `SELECT item_key AS key, item_hash AS item, request_id AS request FROM answers WHERE status = 'complete'`,
    );
    return new Map(select.all().map(({ key, item, request }) => [`${key} ${request}`, item]));
  } finally {
    answers.close();
    rmSync(copy, { recursive: true });
  }
}

const itemHashes = ({ messages }: LoggedRequest): string[] =>
  itemsOf(messages.at(-1)?.content ?? '').map(({ text }) => sha256(text));

/** The server has seen and answered, or given up, all that was sent. */
async function quiet(server: LlmServer): Promise<void> {
  for (let before = -1; before !== server.log.length; await sleep(3 * ANSWER_DELAY_MS))
    before = server.log.length;
}

/** When a run is killed: so many ms after so many answers. The pace of the machine does not matter. */
interface Moment {
  readonly answered: number;
  readonly thenMs: number;
}

interface Trial {
  readonly asked: number;
  readonly askedTwice: number;
  readonly stored: number;
}

async function trial(tree: string, home: string, { answered, thenMs }: Moment): Promise<Trial> {
  const server = await startLlmServer({ behaviour: { kind: 'review', delayMs: ANSWER_DELAY_MS } });
  const env = {
    ...paidEnv(server.url),
    RUSTASSISTANT_LLM_REQUEST_TOKENS: '1000',
    RUSTASSISTANT_LLM_CONCURRENCY: String(CONCURRENCY),
  };
  const command = ['analyze', tree, '--yes', '--format', 'json'];
  const check = (holds: boolean, claim: string): void => {
    if (!holds) throw new Error(claim);
  };
  try {
    mkdirSync(home);
    const run = start(command, { home, env });
    await Promise.race([server.ended(answered), run.ended]);
    await sleep(thenMs);
    run.child.kill('SIGKILL');
    await run.ended;
    await quiet(server);
    const before = server.log.length;
    const stored = await storedItems(home);
    const money = await moneyOf(home, env);
    check(
      money.settled + money.open >= server.bill(),
      `after the kill: ${JSON.stringify(money)}, bill ${server.bill()}`,
    );

    const again = await start(command, { home, env }).ended;
    const summary = parseReport(again.stdout)?.repositories[0]?.summary;
    check(
      again.status === 0,
      `the second run: status ${again.status}, ${again.stdout.slice(0, 500)}${again.stderr}`,
    );
    check(
      summary?.items.missing === 0 && summary.items.failed === 0,
      `not complete: ${JSON.stringify(summary?.items)}`,
    );
    const total = Object.values(summary?.findings ?? {}).reduce((a, b) => a + b, 0);
    check(total >= FILES * FUNCTIONS, `only ${total} findings`);
    const after = await storedItems(home);
    for (const key of stored.keys()) check(after.has(key), `a stored answer is lost: ${key}`);

    const kept = new Set(stored.values());
    const later = server.log.slice(before).flatMap(itemHashes);
    check(!later.some((hash) => kept.has(hash)), 'an item was paid for twice though its answer was stored');
    const earlier = server.log.slice(0, before).map(itemHashes);
    const inFlight = earlier.filter((hashes) => !hashes.every((hash) => kept.has(hash)));
    check(inFlight.length <= CONCURRENCY, `${inFlight.length} requests were in flight`);

    const end = await moneyOf(home, env);
    const all = new Set(after.values());
    check(all.size === FILES * FUNCTIONS, `${all.size} answers stored`);
    const lost =
      inFlight.length === 0
        ? 0
        : sumTicks(
            server.log.slice(0, before).filter((_, at) => !earlier[at]?.every((hash) => kept.has(hash))),
          );
    check(
      end.settled === server.bill() - lost,
      `settled ${end.settled}, bill ${server.bill()} of which in flight ${lost}`,
    );
    check(
      end.settled + end.open >= server.bill(),
      `in the end: ${JSON.stringify(end)}, bill ${server.bill()}`,
    );

    const sent = server.log.length;
    const third = await start(command, { home, env }).ended;
    check(third.status === 0 && server.log.length === sent, 'the third run sent something');
    return { asked: sent, askedTwice: inFlight.length, stored: stored.size };
  } finally {
    await server.close();
  }
}

const sumTicks = (requests: readonly LoggedRequest[]): number =>
  requests.reduce((sum, { ticks }) => sum + ticks, 0);

/** How many requests a run makes that nobody kills. */
async function requestsOf(tree: string, home: string): Promise<number> {
  const server = await startLlmServer();
  const env = { ...paidEnv(server.url), RUSTASSISTANT_LLM_REQUEST_TOKENS: '1000' };
  try {
    const { status, stdout, stderr } = await start(['analyze', tree, '--yes', '--format', 'json'], {
      home,
      env,
    }).ended;
    if (status !== 0) throw new Error(`status ${status}: ${stdout.slice(0, 500)}${stderr}`);
    return server.log.length;
  } finally {
    await server.close();
  }
}

const work = realpathSync(mkdtempSync(join(tmpdir(), 'rustassistant-kill-')));
try {
  const tree = join(work, 'tree');
  makeTree(tree);
  const requests = await requestsOf(tree, join(work, 'whole'));
  console.log(`seed ${seed}; a whole run makes ${requests} requests`);
  const random = generator(seed);
  let failed = 0;
  for (let at = 1; at <= Number(flags.trials); at += 1) {
    const moment = {
      answered: Math.floor(random() * (requests + 1)),
      thenMs: random() * 2 * ANSWER_DELAY_MS,
    };
    const name = `${at}: killed ${moment.thenMs.toFixed(0)} ms after ${moment.answered} answers`;
    const home = join(work, `home-${at}`);
    try {
      const { asked, askedTwice, stored } = await trial(tree, home, moment);
      console.log(
        `${name}: ${stored} answers stored, ${askedTwice} requests in flight, ${asked} requests in all`,
      );
    } catch (error) {
      failed += 1;
      console.log(`${name}: FAILED: ${(error as Error).message}`);
    }
    rmSync(home, { recursive: true, force: true });
  }
  console.log(`${Number(flags.trials) - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
