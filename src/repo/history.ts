import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { ExternalError, UserError } from '../errors.ts';
import { git } from './git.ts';
import type { GitOptions } from './git.ts';
import { readText } from './git-dir.ts';
import type { Root } from './root.ts';
import { shellWord } from '../util/shell.ts';

const RUST = ['--', '*.rs'];
const PLAIN = ['-z', '--no-renames', '--no-ext-diff', '--no-textconv'];
const NAMES = ['--name-only', ...PLAIN];
const RAW = ['--raw', '--no-abbrev', ...PLAIN];

/** By path, the blob that stood there before; null where there was none, or no regular file. */
export type Changes = ReadonlyMap<string, string | null>;

/**
 * Rust files that differ from where the history left `ref`: committed since, staged, unstaged, untracked.
 * Deleted files are among them; names that are not UTF-8 are not. Throws UserError `missing-history` where
 * there is no such commit or no common ancestor, ExternalError as in `git`.
 */
export async function changedSince(root: Root, ref: string, options: GitOptions): Promise<Changes> {
  if (root.kind !== 'git')
    throw new UserError('missing-history', `${root.root} is not a git repository`, 'Leave out --since.');
  const base = await mergeBase(root, ref, options);
  const filters = await neutralFilters(root, options);
  const [changed, untracked] = await Promise.all([
    git(root, [...filters, 'diff', ...RAW, base, ...RUST], options),
    git(root, ['ls-files', '--others', '--exclude-standard', '-z', ...RUST], options),
  ]);
  const none = splitNames(untracked).map((path) => [path, null] as const);
  return new Map([...none, ...rawChanges(changed)]);
}

/** `:<mode> <mode> <blob> <blob> <status>`, NUL, path, NUL (git-diff(1), "RAW OUTPUT FORMAT"). */
function rawChanges(output: Buffer): (readonly [path: string, blob: string | null])[] {
  const changes: (readonly [string, string | null])[] = [];
  const fields = splitFields(output);
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [mode = '', , blob = ''] = (fields[at] as Buffer).toString('latin1').split(' ');
    const path = fields[at + 1] as Buffer;
    if (isUtf8(path)) changes.push([path.toString('utf8'), mode.startsWith(':100') ? blob : null]);
  }
  return changes;
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

/** What brings the history that is missing. */
async function remedy(root: Root, options: GitOptions): Promise<string> {
  const remotes = (await git(root, ['remote'], options)).toString('utf8').split('\n');
  const remote = remotes.includes('origin') ? 'origin' : (remotes[0] ?? '');
  if (remote === '') return 'Give a commit, branch or tag that there is: git log --all --oneline';
  // A shallow clone follows one branch alone, and would bring no other without being told.
  const refs = `${shellWord(remote)} ${shellWord(`+refs/heads/*:refs/remotes/${remote}/*`)}`;
  return isShallow(root)
    ? `The clone is shallow. Run: git fetch --unshallow ${refs} (in CI: fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab)`
    : `Run: git fetch ${refs} and give a commit, branch or tag that it brings.`;
}

async function mergeBase(root: Root, ref: string, options: GitOptions): Promise<string> {
  const answers = { ...options, accept: [0, 1, 128] };
  const parse = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  const commit = (await git(root, parse, { ...options, accept: [0, 1] })).toString('utf8').trim();
  const missing = async (message: string): Promise<UserError> =>
    new UserError('missing-history', message, await remedy(root, options));
  if (commit === '') throw await missing(`there is no commit ${ref} in ${root.root}`);
  const base = (await git(root, ['merge-base', commit, 'HEAD'], answers)).toString('utf8').trim();
  if (base === '') throw await missing(`${ref} and HEAD have no common ancestor in ${root.root}`);
  return base;
}

/** Settings that keep a diff from running the content filters that the repository's configuration names. */
export async function neutralFilters(root: Root, options: GitOptions): Promise<string[]> {
  const list = ['config', '-z', '--name-only', '--get-regexp', '^filter\\..*\\.(clean|process|required)$'];
  const names = splitNames(await git(root, list, { ...options, accept: [0, 1] }));
  // `-c` ends a name at its first `=`: such a filter could not be kept from running.
  const odd = names.find((name) => name.includes('='));
  if (odd !== undefined) throw new ExternalError('git-failed', `git's setting ${odd} cannot be switched off`);
  return names.flatMap((name) => ['-c', name.endsWith('.required') ? `${name}=false` : `${name}=`]);
}

/** Whether a part of the history was left out of the clone. */
export function isShallow(root: Root): boolean {
  return shallowEnds(root).size > 0;
}

/** Commits whose parents a shallow clone leaves out. */
export function shallowEnds(root: Root): Set<string> {
  const text = root.gitCommonDir === null ? undefined : readText(join(root.gitCommonDir, 'shallow'));
  return new Set(text?.split('\n').filter((line) => line !== ''));
}

function splitNames(output: Buffer): string[] {
  return splitFields(output)
    .filter((name) => name.length > 0 && isUtf8(name))
    .map((name) => name.toString('utf8'));
}

/** What stands between NUL bytes. */
function splitFields(output: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0, at);
    fields.push(output.subarray(at, end === -1 ? output.length : end));
    at = end === -1 ? output.length : end + 1;
  }
  return fields;
}
