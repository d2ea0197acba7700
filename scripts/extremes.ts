/**
 * Runs the program on the extremes that repositories come in, cold and again:
 *   tsx scripts/extremes.ts [KIND...]
 * Prints what happened; exit status 1 where a run ended other than done or refused with a clear line.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXTREMES } from './make-tree.ts';
import { parseReport } from './support/report.ts';
import { run } from './support/run.ts';

type Kind = keyof typeof EXTREMES;

function trial(kind: Kind, work: string): boolean {
  const tree = join(work, kind);
  const home = join(work, `${kind}-home`);
  EXTREMES[kind].make(tree, EXTREMES[kind].size);
  let fine = true;
  for (const name of ['cold', 'again']) {
    const ran = run(['analyze', tree, '--provider', 'local', '--format', 'json'], { home });
    const files = parseReport(ran.stdout)?.repositories[0]?.summary.files;
    const refused = ran.status === 2 && /"error"/.test(ran.stdout);
    const outcome = files === undefined ? ran.stdout.slice(0, 300) : JSON.stringify(files);
    const time = `${(ran.ms / 1000).toFixed(1)} s`;
    console.log(
      `${kind} ${name}: status ${ran.status}, ${time}, ${ran.peakMiB?.toFixed(0) ?? '?'} MiB, ${outcome}`,
    );
    if (ran.stderr.trim() !== '') console.log(`  ${ran.stderr.trim().split('\n').slice(-3).join('\n  ')}`);
    fine &&= refused || (ran.status === 0 && files !== undefined && files.failed === 0);
  }
  return fine;
}

const asked = process.argv.slice(2);
const kinds = (asked.length === 0 ? Object.keys(EXTREMES) : asked) as Kind[];
const work = mkdtempSync(join(tmpdir(), 'rustassistant-extremes-'));
try {
  if (kinds.map((kind) => trial(kind, work)).includes(false)) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
