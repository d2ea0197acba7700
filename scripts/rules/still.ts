/**
 * Keeps of a list of places those where the rule still speaks:
 *   tsx scripts/rules/still.ts CORPUS IN OUT
 * IN and OUT are lists as `sample.ts` draws them. What is left of a random order is a random order.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseReport } from '../support/report.ts';
import { run } from '../support/run.ts';
import type { CrateFinding } from './corpus.ts';

/** Files in one run of the program. */
const TOGETHER = 400;

const [corpus, from, to] = process.argv.slice(2);
if (corpus === undefined || from === undefined || to === undefined)
  throw new Error('usage: still.ts CORPUS IN OUT');

const places = JSON.parse(readFileSync(from, 'utf8')) as CrateFinding[];
const files = [...new Set(places.map(({ crate, path }) => join(corpus, crate, path)))].sort();
const speaks = new Map<string, Pick<CrateFinding, 'severity' | 'title'>>();
const key = ({ crate, path, rule, startLine }: Omit<CrateFinding, 'severity' | 'title'>): string =>
  `${crate} ${path} ${rule} ${startLine}`;

const home = mkdtempSync(join(tmpdir(), 'rustassistant-still-'));
try {
  for (let at = 0; at < files.length; at += TOGETHER) {
    const args = ['analyze', ...files.slice(at, at + TOGETHER), '--provider', 'local', '--format', 'json'];
    const ran = run(args, { home });
    const report = parseReport(ran.stdout);
    if (report === null) throw new Error(`exit status ${ran.status}: ${ran.stderr}`);
    for (const { path: root, files: listed } of report.repositories) {
      for (const { path, findings } of listed) {
        for (const finding of findings) {
          if (finding.suppressed === undefined)
            speaks.set(key({ ...finding, crate: basename(root), path }), finding);
        }
      }
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
const kept = places.flatMap((place) => {
  const now = speaks.get(key(place));
  return now === undefined ? [] : [{ ...place, severity: now.severity, title: now.title }];
});
writeFileSync(to, JSON.stringify(kept, null, 1));
console.log(`${kept.length} of ${places.length} places are left`);
