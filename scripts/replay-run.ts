/**
 * A whole `analyze` of a real crate with a real model behind it: recorded once, replayed ever since.
 *
 *   npx tsx scripts/replay-run.ts record <base url> <model> <crate folder>
 *       runs the built program against that server through a recorder, and writes test/fixtures/runs/<crate>.json.gz
 *   npx tsx scripts/replay-run.ts replay <folder of crates>
 *       runs it again over each recorded crate with the recorded answers: items, findings and tokens must come out as
 *       they did, and a second run must send nothing. Exit status 1 where they do not.
 *
 * A recording names each exchange by the sha256 of the request's messages; the crate's code is not in it.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { sha256 } from '../src/util/hash.ts';
import { parseReport } from './support/report.ts';
import { ROOT, start } from './support/run.ts';

const RECORDINGS = join(ROOT, 'test', 'fixtures', 'runs');

interface Exchange {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What must come out again. */
interface Result {
  readonly status: number | null;
  readonly items: object;
  readonly findings: object;
  readonly tokens: readonly [input: number, output: number];
  /** Rule, severity and place of each finding of the model. */
  readonly ofModel: readonly string[];
}

interface Recording {
  readonly crate: string;
  readonly model: string;
  readonly result: Result;
  readonly exchanges: Readonly<Record<string, Exchange>>;
}

type Answer = (key: string, body: string) => Promise<Exchange>;

/** Runs `work` with the address of a server that answers each request by its key. */
async function serving<T>(answer: Answer, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    // A question about the server's models and prices: it has none.
    if (request.method !== 'POST') return void response.writeHead(404).end();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const { messages } = JSON.parse(body) as { messages: unknown };
      void answer(sha256(JSON.stringify(messages)), body).then(({ status, contentType, body: text }) => {
        response.writeHead(status, { 'content-type': contentType }).end(text);
      });
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  } finally {
    server.close();
  }
}

/** The small model reads 8,192 tokens: requests leave it room for its answer. */
function settings(url: string, model: string): Record<string, string> {
  return {
    RUSTASSISTANT_LLM_PROVIDER: 'openai-compatible',
    RUSTASSISTANT_LLM_BASE_URL: url,
    RUSTASSISTANT_LLM_MODEL: model,
    RUSTASSISTANT_LLM_PRICE_INPUT: '0',
    RUSTASSISTANT_LLM_PRICE_CACHED_INPUT: '0',
    RUSTASSISTANT_LLM_PRICE_OUTPUT: '0',
    RUSTASSISTANT_LLM_REQUEST_TOKENS: '2000',
    RUSTASSISTANT_LLM_CONCURRENCY: '1',
  };
}

async function analyze(crate: string, home: string, url: string, model: string): Promise<Result> {
  const { ended } = start(['analyze', crate, '--format', 'json', '--yes'], {
    home,
    env: settings(url, model),
  });
  const { status, stdout, stderr } = await ended;
  const [repository] = parseReport(stdout)?.repositories ?? [];
  if (repository === undefined) throw new Error(`${stdout}\n${stderr}`);
  const { items, findings, cost } = repository.summary;
  const ofModel = repository.files.flatMap(({ path, findings: own }) =>
    own
      .filter(({ source }) => source === 'llm')
      .map(({ severity, title, startLine }) => `${path}:${startLine} ${severity} ${title}`),
  );
  return { status, items, findings, tokens: [cost.inputTokens, cost.outputTokens], ofModel };
}

async function inHome<T>(work: (home: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'rustassistant-replay-'));
  try {
    return await work(home);
  } finally {
    rmSync(home, { recursive: true });
  }
}

async function record(baseUrl: string, model: string, folder: string): Promise<void> {
  const crate = resolve(folder);
  const exchanges: Record<string, Exchange> = {};
  const passOn: Answer = async (key, body) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${baseUrl}/chat/completions`, { method: 'POST', headers, body });
    const contentType = response.headers.get('content-type') ?? '';
    const exchange = { status: response.status, contentType, body: await response.text() };
    // A server that has no room yet is asked again: that is no answer to keep.
    if (response.ok) exchanges[key] = exchange;
    console.error(`${Object.keys(exchanges).length}: ${response.status}, ${exchange.body.length} bytes`);
    return exchange;
  };
  const result = await inHome((home) => serving(passOn, (url) => analyze(crate, home, url, model)));
  const recording: Recording = { crate: basename(crate), model, result, exchanges };
  mkdirSync(RECORDINGS, { recursive: true });
  const text = `${JSON.stringify(recording, null, 1)}\n`;
  writeFileSync(join(RECORDINGS, `${recording.crate}.json.gz`), gzipSync(text, { level: 9 }));
  console.log(JSON.stringify(result, null, 1));
}

async function replay(name: string, crates: string): Promise<boolean> {
  const recording = JSON.parse(gunzipSync(readFileSync(join(RECORDINGS, name))).toString()) as Recording;
  const unknown: Exchange = { status: 400, contentType: 'text/plain', body: 'this was never recorded' };
  let asked = 0;
  const answer: Answer = (key) => {
    asked += 1;
    return Promise.resolve(recording.exchanges[key] ?? unknown);
  };
  return inHome((home) =>
    serving(answer, async (url) => {
      const crate = join(crates, recording.crate);
      const first = await analyze(crate, home, url, recording.model);
      const sent = asked;
      const second = await analyze(crate, home, url, recording.model);
      const same = JSON.stringify(first) === JSON.stringify(recording.result);
      const kept = JSON.stringify(second.ofModel) === JSON.stringify(first.ofModel);
      console.log(`${name}: ${sent} requests, ${same ? 'as recorded' : 'NOT as recorded'}`);
      if (!same) console.log(JSON.stringify(first, null, 1));
      console.log(`  again: ${asked - sent} requests, findings ${kept ? 'kept' : 'NOT kept'}`);
      return same && kept && asked === sent;
    }),
  );
}

const [mode, ...rest] = process.argv.slice(2);
if (mode === 'record' && rest.length === 3) await record(...(rest as [string, string, string]));
else if (mode === 'replay' && rest[0] !== undefined) {
  for (const name of readdirSync(RECORDINGS)) {
    if (name.endsWith('.json.gz') && !(await replay(name, rest[0]))) process.exitCode = 1;
  }
} else throw new Error('usage: replay-run.ts record <base url> <model> <crate> | replay <folder of crates>');
