/** Commit subjects as queries: what a person called a change → the files that it changed. */
import { git } from '../../src/repo/git.ts';
import type { Corpus } from './corpus.ts';
import type { QuerySet } from './queries.ts';
import { MOST_QUERIES, fileQuery } from './queries.ts';
import { sample } from './sample.ts';

export interface Commit {
  readonly subject: string;
  /** Rust files that it changed. */
  readonly files: readonly string[];
}

const FEWEST_WORDS = 3;
const MOST_FILES = 2;
/** Subjects that tell nothing of what was changed. */
const EMPTY_SUBJECT =
  /^(?:merge|revert|release|prepare|v?\d+\.\d+)\b|^deps\b|\bbump|\bversion\b|\btypos?\b|\b(?:cargo )?(?:fmt|rustfmt|clippy)\b|\bchangelog\b|\bwhitespace\b|\blints?\b|^(?:fix|update|cleanup|clean up|address)(?: the)? (?:tests?|warnings?|build|ci|docs?|comments?|review.*)$|\bedition\b|^(?:fixup|squash)!/i;

/** Merges apart, a subject and the Rust files of each commit, newest first. */
export async function readCommits({ root }: Corpus, env: NodeJS.ProcessEnv): Promise<Commit[]> {
  const log = [
    'log',
    '--no-merges',
    '--format=%x1e%s',
    '--name-only',
    '--no-renames',
    '--diff-filter=AM',
    'HEAD',
  ];
  const output = await git(root, [...log, '--', '*.rs'], { env, timeoutMs: 120_000 });
  return output
    .toString('utf8')
    .split('\x1e')
    .slice(1)
    .map((record) => {
      const [subject = '', ...files] = record.split('\n').filter((line) => line !== '');
      return { subject: plainSubject(subject), files };
    });
}

/** Subject → the one or two Rust files that it changed, where they still exist; each subject once. */
export function commitQueries(corpus: Corpus, commits: readonly Commit[], random: () => number): QuerySet {
  const present = new Set(corpus.files);
  const seen = new Set<string>();
  const usable = commits.filter(({ subject, files }) => {
    if (files.length > MOST_FILES || !files.every((file) => present.has(file))) return false;
    return saysSomething(subject) && !seen.has(subject) && seen.add(subject);
  });
  const queries = sample(usable, MOST_QUERIES, random).map(({ subject, files }) => fileQuery(subject, files));
  return { name: 'commit', hidden: 'nothing', queries };
}

/** Without the number of a pull request and without the label before a colon that names a kind of change. */
export function plainSubject(subject: string): string {
  return subject
    .replace(/\s*\(#\d+\)\s*$/, '')
    .replace(
      /^(?:feat|fix|chore|docs?|style|refactor|perf|tests?|ci|build)(?:\(([^)]*)\))?!?: */i,
      (_, scope) => (scope === undefined ? '' : `${scope}: `),
    )
    .trim();
}

export function saysSomething(subject: string): boolean {
  return subject.split(/\s+/).length >= FEWEST_WORDS && !EMPTY_SUBJECT.test(subject);
}
