/** Times reading one stored blob: query, checksum, decompression, JSON. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openAnalysis } from '../../src/store/analysis.ts';
import { openAnswers } from '../../src/store/answers.ts';
import { openLayout } from '../../src/store/layout.ts';
import type { RepositoryPlace } from '../../src/store/repository.ts';
import type { LensFinding } from '../../src/types/answer.ts';
import { sha256 } from '../../src/util/hash.ts';
import { median } from '../support/run.ts';

/** The analysis database of the one repository in a home. */
export function databaseIn(home: string): string {
  const repositories = join(home, 'cache', 'repos');
  const [name] = readdirSync(repositories);
  return join(repositories, name as string, 'analysis.db');
}

async function timeEach(keys: readonly string[], read: (key: string) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (const key of keys) {
    const start = process.hrtime.bigint();
    const value = await read(key);
    times.push(Number(process.hrtime.bigint() - start) / 1e3);
    if (value === null) throw new Error(`nothing stored under ${key}`);
  }
  return median(times);
}

/** Microseconds, p50, of merged file results as an analysis left them. */
export async function mergedReads(home: string): Promise<number> {
  const place = { analysis: databaseIn(home), meta: { fullHash: '' } } as RepositoryPlace;
  const analysis = await openAnalysis(openLayout(home), place);
  try {
    const paths = analysis.results(null).map(({ path }) => path);
    return await timeEach(paths.slice(0, 2000), (path) => analysis.getAnalysis(path));
  } finally {
    analysis.close();
  }
}

const REPOSITORY = sha256('bench');

/** Microseconds, p50, of paid answers with three findings each (2-3 KB of JSON). */
export async function answerReads(home: string): Promise<number> {
  const answers = await openAnswers(openLayout(home));
  try {
    const keys = Array.from({ length: 2000 }, (_, at) => sha256(`key ${at}`));
    for (let from = 0; from < keys.length; from += 20) {
      const usage = { ticks: 1000, estimated: false, inputTokens: 900, cachedTokens: 0, outputTokens: 300 };
      await answers.saveRequest({
        requestId: `request-${from}`,
        model: 'bench',
        usage,
        at: 1_700_000_000_000,
        repository: REPOSITORY,
        untrusted: false,
        answers: keys.slice(from, from + 20).map((itemKey, at) => ({
          itemKey,
          usage,
          factors: { lens: 'review', itemHash: itemKey } as never,
          answer: {
            status: 'complete',
            findings: [0, 1, 2].map((part) => findingFor(from + at + part)),
            cites: [],
            unanchored: 0,
          },
        })),
      });
    }
    const read = async (key: string) => (await answers.lookup([key], REPOSITORY)).get(key) ?? null;
    return await timeEach(keys, read);
  } finally {
    answers.close();
  }
}

function findingFor(seed: number): LensFinding {
  return {
    quote: `let value_${seed} = self.slots.get(${seed}).unwrap_or_default() + offset_${seed % 13};`,
    severity: 'medium',
    category: 'correctness',
    title: `The sum of slot ${seed} and its offset can overflow`,
    message: `Slot ${seed} holds up to u64::MAX, and the offset is added without a check: in release builds the sum wraps around, and the caller indexes with it (${sha256(String(seed))}).`,
    suggestion: 'Use checked_add and return an error where the sum does not fit.',
    start: seed,
    end: seed + 80,
  };
}
