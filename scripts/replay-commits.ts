/**
 * Replays a repository's history through the built program and a loopback server that keeps the bill:
 *   tsx scripts/replay-commits.ts GIT_DIR [--commits 200] [--out FILE]
 *
 * The oldest commit is analysed from nothing (the first run), then each later one that touches Rust files, in order,
 * in one home. What the items cost is the server's own count: requests, tokens, dollars at list price.
 *
 * Against it stands the whole file as the unit, by the same server's rules, computed from what such a tool would send:
 * - a file is sent whole whenever its content is new; the same content is never sent twice, in whatever commit;
 * - it sends what this program sends and nothing else: no tests, benches, examples, no generated file, and inside a
 *   file no item that is test code (`outline` tells which); a file of which nothing is left is not sent;
 * - several files share a request up to the same size, under the same instructions, cached after the first time;
 * - its answer carries the findings that the server has for the file's items, and one id a file.
 * Each point is decided so that the whole file comes out cheap.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startLlmServer } from '../test/support/llm-server.ts';
import { billOf, tokensOf } from '../test/support/llm-server/bill.ts';
import { reviewOf } from '../test/support/llm-server/reviewer.ts';
import { parseReport } from './support/report.ts';
import { paidEnv, start } from './support/run.ts';

const PRICE = { input: 1.25, cachedInput: 0.2, output: 2.5 };
const REQUEST_TOKENS = 12_000;
const WANTED = ['*.rs', 'Cargo.toml', '.gitignore', '.ignore'];

interface Cost {
  requests: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  ticks: number;
}

interface OutlineItem {
  readonly kind: string;
  readonly test: boolean;
  readonly startLine: number;
  readonly endLine: number;
  readonly children: readonly OutlineItem[];
}

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { commits: { type: 'string', default: '200' }, out: { type: 'string' } },
});
const source = realpathSync(positionals[0] ?? '');
const count = Number(flags.commits);

const work = realpathSync(mkdtempSync(join(tmpdir(), 'rustassistant-replay-')));
const tree = join(work, 'tree');
const home = join(work, 'home');
const server = await startLlmServer({ price: PRICE });
const env = { ...paidEnv(server.url), RUSTASSISTANT_LLM_REQUEST_TOKENS: String(REQUEST_TOKENS) };

const none = (): Cost => ({ requests: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, ticks: 0 });

function add(to: Cost, { inputTokens, cachedTokens, outputTokens, ticks }: Omit<Cost, 'requests'>): void {
  to.requests += 1;
  to.inputTokens += inputTokens;
  to.cachedTokens += cachedTokens;
  to.outputTokens += outputTokens;
  to.ticks += ticks;
}

function git(...args: string[]): string {
  return execFileSync('git', args, {
    cwd: tree,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** Commits on the main line that touch Rust files, oldest first. */
function history(): string[] {
  mkdirSync(tree);
  git('clone', '--quiet', '--shared', '--no-checkout', source, tree);
  // Only what the program reads: large files of other kinds may be absent from a snapshot.
  git(
    'sparse-checkout',
    'set',
    '--no-cone',
    ...WANTED.map((name) => `**/${name}`),
    ...WANTED.map((name) => `/${name}`),
  );
  const log = git('log', '--first-parent', `--max-count=${count + 1}`, '--format=%H', '--', '*.rs');
  return log.trim().split('\n').reverse();
}

/** One run of the program on what is checked out; the files that it sends something of, and the bill. */
async function items(commit: string): Promise<Cost> {
  const before = server.log.length;
  const args = ['analyze', tree, '--yes', '--format', 'json', '-o', join(work, 'report.json')];
  const ran = await start(args, { home, env }).ended;
  const report = parseReport(readFileSync(join(work, 'report.json'), 'utf8'));
  const summary = report?.repositories[0]?.summary;
  if (ran.status !== 0 || summary === undefined || summary.items.missing + summary.items.failed > 0) {
    throw new Error(`${commit}: exit status ${ran.status}, ${JSON.stringify(summary?.items)}\n${ran.stderr}`);
  }
  const cost = none();
  for (const request of server.log.slice(before)) add(cost, request);
  return cost;
}

/** What the whole file as the unit would send and get for the files whose content is new. */
async function wholeFiles(seen: Set<string>, system: string): Promise<Cost> {
  const ran = await start(['outline', tree, '--format', 'json'], { home }).ended;
  const outline = JSON.parse(ran.stdout) as { files: { path: string; items: OutlineItem[] }[] };
  const cost = none();
  let open: { text: string; findings: object[] }[] = [];
  const close = (): void => {
    if (open.length === 0) return;
    const user = open.map(({ text }, at) => `<file id="${at + 1}">\n${text}\n</file>`).join('\n');
    const answer = JSON.stringify({ files: open.map(({ findings }, at) => ({ id: at + 1, findings })) });
    const cached = seen.has('') ? tokensOf(system) : 0;
    seen.add('');
    add(cost, billOf(PRICE, tokensOf(system) + tokensOf(user), cached, tokensOf(answer)));
    open = [];
  };
  let size = 0;
  for (const { path, items } of outline.files) {
    const text = sentText(path, items);
    if (text === null || seen.has(text)) continue;
    seen.add(text);
    if (size + tokensOf(text) > REQUEST_TOKENS) close();
    if (open.length === 0) size = 0;
    size += tokensOf(text);
    open.push({ text, findings: findingsIn(text, items, path) });
  }
  close();
  return cost;
}

/** The file without its test code; null where nothing would be sent. */
function sentText(path: string, items: readonly OutlineItem[]): string | null {
  const parts = path.split('/');
  if (parts.some((part) => ['tests', 'benches', 'examples'].includes(part))) return null;
  const text = readFileSync(join(tree, path), 'utf8');
  if (/@generated/.test(text.slice(0, 2000)) || text.split('\n').length > 5000) return null;
  const left = withoutTests(text.split('\n'), items);
  return items.some(sendable) && left.trim() !== '' ? left : null;
}

const sendable = ({ kind, test, children }: OutlineItem): boolean =>
  !test && (['impl', 'mod', 'trait', 'extern'].includes(kind) ? children.some(sendable) : kind !== 'use');

function withoutTests(lines: readonly string[], items: readonly OutlineItem[]): string {
  const dropped = new Set<number>();
  const visit = (item: OutlineItem): void => {
    if (!item.test) return item.children.forEach(visit);
    for (let line = item.startLine; line <= item.endLine; line += 1) dropped.add(line);
  };
  items.forEach(visit);
  return lines.filter((_, at) => !dropped.has(at + 1)).join('\n');
}

/** The findings that the server has for the functions in a file, as it gives them for items. */
function findingsIn(sent: string, items: readonly OutlineItem[], path: string): object[] {
  const lines = readFileSync(join(tree, path), 'utf8').split('\n');
  const found: object[] = [];
  const visit = (item: OutlineItem): void => {
    if (item.test) return;
    if (['impl', 'mod', 'trait', 'extern'].includes(item.kind)) return item.children.forEach(visit);
    found.push(
      ...reviewOf({ id: 0, text: lines.slice(item.startLine - 1, item.endLine).join('\n') }).findings,
    );
  };
  items.forEach(visit);
  return sent === '' ? [] : found;
}

function row(name: string, own: Cost, file: Cost): string {
  const usd = (cost: Cost): string => `$${(cost.ticks / 1e10).toFixed(3)}`;
  const k = (tokens: number): string => tokens.toLocaleString('en-US');
  const ratio = (own.ticks / file.ticks).toFixed(2);
  const cells = (cost: Cost): string =>
    `${cost.requests} | ${k(cost.inputTokens)} | ${k(cost.outputTokens)} | ${usd(cost)}`;
  return `| ${name} | ${cells(own)} | ${cells(file)} | ${ratio} |`;
}

try {
  const commits = history();
  const seen = new Set<string>();
  const first = { own: none(), file: none() };
  const later = { own: none(), file: none() };
  for (const [at, commit] of commits.entries()) {
    git('checkout', '--quiet', '--force', commit);
    const sum = at === 0 ? first : later;
    const own = await items(commit);
    const system = server.log[0]?.messages[0]?.content ?? '';
    const file = await wholeFiles(seen, system);
    for (const [to, more] of [
      [sum.own, own],
      [sum.file, file],
    ] as const) {
      for (const key of Object.keys(to) as (keyof Cost)[]) to[key] += more[key];
    }
    if (at % 20 === 0)
      console.error(`${at}/${commits.length - 1} ${(later.own.ticks / later.file.ticks).toFixed(2)}`);
  }
  const name = basename(source).replace(/\.git$/, '');
  const lines = [
    `## ${name}: ${commits.length - 1} commits up to ${commits.at(-1)?.slice(0, 10)}`,
    '',
    '| | requests | input | output | cost | requests, whole file | input | output | cost | ratio |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    row('first run', first.own, first.file),
    row('updates', later.own, later.file),
  ];
  console.log(lines.join('\n'));
  if (flags.out !== undefined) writeFileSync(flags.out, `${lines.join('\n')}\n`, { flag: 'a' });
  if (later.own.ticks > later.file.ticks / 2) process.exitCode = 1;
} finally {
  await server.close();
  rmSync(work, { recursive: true, force: true });
}
