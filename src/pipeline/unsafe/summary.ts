import type { KindCounts, UnsafeFile, UnsafeSite, UnsafeSummary } from '../../report/unsafe-model.ts';
import { UNSAFE_KINDS } from '../../unsafe/site.ts';

/** Sums over the files of a report. `found`: Rust files that were asked about. */
export function summaryOf(files: readonly UnsafeFile[], found: number): UnsafeSummary {
  const sites = files.flatMap((file) => file.sites);
  const code = sites.filter(({ test }) => !test);
  const lacking = (kind: 'no-comment' | 'no-contract'): number =>
    code.filter(({ gaps }) => gaps.some((gap) => gap.kind === kind)).length;
  return {
    files: {
      found,
      unsafe: files.filter((file) => file.sites.length > 0).length,
      unknown: files.filter(({ problem }) => problem !== undefined).length,
    },
    code: countsOf(code),
    tests: countsOf(sites.filter(({ test }) => test)),
    withoutComment: lacking('no-comment'),
    withoutContract: lacking('no-contract'),
    unmentioned: code.reduce((sum, { gaps }) => sum + gaps.filter(({ kind }) => kind === 'clause').length, 0),
  };
}

function countsOf(sites: readonly UnsafeSite[]): KindCounts {
  const counts: [string, number][] = UNSAFE_KINDS.map((kind) => [
    kind,
    sites.filter((site) => site.kind === kind).length,
  ]);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
