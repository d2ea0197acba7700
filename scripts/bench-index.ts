/**
 * Measures how long indexing a repository from nothing takes, all included (walk, parse, embed by the bundled embedder, words,
 * vectors), against bare parsing and a bare ingest of the same rows into LanceDB, timed in turns:
 *   tsx scripts/bench-index.ts REPO [--rounds 3]
 * Exit status 1 where a limit is missed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { placeOf } from '../test/support/indexed.ts';
import { rustFiles } from './bench/tree.ts';
import { cleanEnv, median, run } from './support/run.ts';

const MOST_RATIO = 1.8;
const MOST_MIB = 450;

const { values: flags, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '3' } },
  allowPositionals: true,
});
const [repo] = positionals;
if (repo === undefined) throw new Error('which repository?');

/** Milliseconds, as the script has printed them last. */
function floor(script: string, args: readonly string[]): number {
  const path = join(import.meta.dirname, 'bench', script);
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], {
    env: cleanEnv(work),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout.trim().split(' ').at(-1));
}

const work = realpathSync(mkdtempSync(join(tmpdir(), 'rustassistant-index-')));
try {
  console.log(`Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model.trim()}`);
  const list = join(work, 'files.txt');
  writeFileSync(list, rustFiles(repo).join('\n'));
  const times = { ours: [] as number[], parse: [] as number[], ingest: [] as number[], peak: [] as number[] };
  let chunks = 0;
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    const home = join(work, `home-${round}`);
    const { status, stdout, stderr, ms, peakMiB } = run(['index', repo, '--json'], { home });
    if (status !== 0) throw new Error(stderr);
    chunks = (JSON.parse(stdout) as { repositories: { chunks: number }[] }).repositories[0]?.chunks ?? 0;
    times.ours.push(ms);
    times.peak.push(peakMiB ?? Number.NaN);
    times.parse.push(floor('bare-parse.mjs', [list]));
    const { vectors } = placeOf(home);
    const [table = ''] = readdirSync(vectors).filter((name) => name.endsWith('.lance'));
    times.ingest.push(
      floor('bare-ingest.mjs', [vectors, table.replace(/\.lance$/, ''), join(work, `new-${round}`)]),
    );
  }
  const [ours, parse, ingest] = [median(times.ours), median(times.parse), median(times.ingest)];
  const ratio = ours / (parse + ingest);
  const peak = Math.max(...times.peak);
  const verdict = (value: number, limit: number): string => `≤ ${limit} ${value <= limit ? 'ok' : 'MISSED'}`;
  console.log(`${chunks} chunks: ${(ours / 1000).toFixed(1)} s from nothing`);
  console.log(`bare parse ${(parse / 1000).toFixed(1)} s + bare ingest ${(ingest / 1000).toFixed(1)} s`);
  console.log(`ratio ${ratio.toFixed(2)}  ${verdict(ratio, MOST_RATIO)}`);
  console.log(`peak memory ${peak.toFixed(0)} MiB  ${verdict(peak, MOST_MIB)}`);
  process.exitCode = ratio <= MOST_RATIO && peak <= MOST_MIB ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
