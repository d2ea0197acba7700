import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { ExternalError, UserError } from '../errors.ts';
import { git } from './git.ts';
import type { GitOptions } from './git.ts';
import { readText } from './git-dir.ts';
import type { Root } from './root.ts';

const RUST = ['--', '*.rs'];
const NAMES = ['--name-only', '-z', '--no-renames', '--no-ext-diff', '--no-textconv'];

/**
 * Rust files that differ from where the history left `ref`: committed since, staged, unstaged, untracked.
 * Deleted files are among them; names that are not UTF-8 are not. Throws UserError `missing-history` where
 * there is no such commit or no common ancestor, ExternalError as in `git`.
 */
export async function changedSince(root: Root, ref: string, options: GitOptions): Promise<Set<string>> {
  if (root.kind !== 'git')
    throw new UserError('missing-history', `${root.root} is not a git repository`, 'Leave out --since.');
  const base = await mergeBase(root, ref, options);
  const filters = await neutralFilters(root, options);
  const changed = git(root, [...filters, 'diff', ...NAMES, base, ...RUST], options);
  const untracked = git(root, ['ls-files', '--others', '--exclude-standard', '-z', ...RUST], options);
  const outputs = await Promise.all([changed, untracked]);
  return new Set(outputs.flatMap(splitNames));
}

/**
 * Path → number of commits of the last `days` days that touched it, merges left out. Where a shallow
 * clone's history ends, everything seems new: those commits are not counted.
 */
export async function churn(
  root: Root,
  { days, ...options }: GitOptions & { readonly days: number },
): Promise<Map<string, number>> {
  const commits = new Map<string, number>();
  if (root.kind !== 'git') return commits;
  const head = ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'];
  if ((await git(root, head, { ...options, accept: [0, 1] })).length === 0) return commits;
  const left = [...shallowEnds(root)].map((commit) => `^${commit}`);
  const log = ['log', `--since=${days}.days.ago`, '--no-merges', '--format=', ...NAMES, 'HEAD', ...left];
  for (const path of splitNames(await git(root, [...log, ...RUST], options)))
    commits.set(path, (commits.get(path) ?? 0) + 1);
  return commits;
}

async function mergeBase(root: Root, ref: string, options: GitOptions): Promise<string> {
  const answers = { ...options, accept: [0, 1, 128] };
  const parse = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  const commit = (await git(root, parse, { ...options, accept: [0, 1] })).toString('utf8').trim();
  const shallow = shallowEnds(root).size > 0;
  const hint = shallow
    ? 'The clone is shallow: fetch its history (git fetch --unshallow; in CI, fetch-depth: 0).'
    : 'Give a commit, branch or tag that exists here (git fetch may bring it).';
  if (commit === '')
    throw new UserError('missing-history', `there is no commit ${ref} in ${root.root}`, hint);
  const base = (await git(root, ['merge-base', commit, 'HEAD'], answers)).toString('utf8').trim();
  if (base === '')
    throw new UserError('missing-history', `${ref} and HEAD have no common ancestor in ${root.root}`, hint);
  return base;
}

/** Settings that keep a diff from running the content filters that the repository's configuration names. */
async function neutralFilters(root: Root, options: GitOptions): Promise<string[]> {
  const list = ['config', '-z', '--name-only', '--get-regexp', '^filter\\..*\\.(clean|process|required)$'];
  const names = splitNames(await git(root, list, { ...options, accept: [0, 1] }));
  // `-c` ends a name at its first `=`: such a filter could not be kept from running.
  const odd = names.find((name) => name.includes('='));
  if (odd !== undefined) throw new ExternalError('git-failed', `git's setting ${odd} cannot be switched off`);
  return names.flatMap((name) => ['-c', name.endsWith('.required') ? `${name}=false` : `${name}=`]);
}

/** Commits whose parents a shallow clone leaves out. */
function shallowEnds(root: Root): Set<string> {
  const text = root.gitCommonDir === null ? undefined : readText(join(root.gitCommonDir, 'shallow'));
  return new Set(text?.split('\n').filter((line) => line !== ''));
}

function splitNames(output: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0, at);
    const name = output.subarray(at, end === -1 ? output.length : end);
    if (name.length > 0 && isUtf8(name)) names.push(name.toString('utf8'));
    at = end === -1 ? output.length : end + 1;
  }
  return names;
}
