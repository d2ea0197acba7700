import { calleeOf, enclosing, mentions } from '../place.ts';
import type { LintFile, SiteCheck, SiteChecks } from '../rule.ts';
import { lineEnd } from '../text.ts';
import type { Site, SiteKind } from '../../types/syntax.ts';

const RUNS: ReadonlySet<SiteKind> = new Set(['fn', 'closure', 'async-block']);
const FS = (
  'read read_to_string write copy rename remove_file remove_dir remove_dir_all create_dir create_dir_all read_dir ' +
  'metadata symlink_metadata canonicalize hard_link set_permissions read_link exists open create create_new'
).split(' ');

interface Blocking {
  readonly call: string;
  readonly instead: string;
}

type Finder = (file: LintFile, site: Site) => Blocking | null;

/** A check that tells of the calls that `find` takes for blocking, where they run as part of a task. */
function inTask(find: Finder): SiteCheck {
  return (file, site, index) => {
    if (!mentions(file, /async/)) return null;
    const what = find(file, site);
    if (what === null || !inAsync(file, index) || isAwaited(file.text, site)) return null;
    return {
      rule: 'blocking-in-async',
      start: site.start,
      end: Math.min(site.end, lineEnd(file.text, site.start)),
      title: `${what.call} blocks the async executor`,
      message: 'The thread that runs this task runs others too; none of them moves until the call returns.',
      suggestion: what.instead,
    };
  };
}

function sleep(file: LintFile, site: Site): Blocking | null {
  const callee = calleeOf(file, site);
  const std = callee.endsWith('thread::sleep') || (callee === 'sleep' && imports(file, 'thread', 'sleep'));
  if (!std) return null;
  return {
    call: 'thread::sleep',
    instead: 'Use the runtime’s timer, for example `tokio::time::sleep(…).await`.',
  };
}

function blockOn(file: LintFile, site: Site): Blocking | null {
  const callee = calleeOf(file, site);
  if (!/(?:^|::|\.)block_on$/.test(callee) || /spawn|LocalSet|local/.test(callee)) return null;
  return {
    call: 'block_on',
    instead: 'Await the future instead; inside a runtime `block_on` panics or stalls a worker thread.',
  };
}

const STD_FS = /\bstd::(?:\{[^;]{0,400}\b)?fs\b/;
const STD_PROCESS = /\bstd::(?:\{[^;]{0,400}\b)?process\b/;
const ASYNC_PROCESS = /\b(?:tokio|async_process|smol|async_std)::(?:\{[^;]{0,400}\b)?process\b/;
const ASYNC_FS =
  /\b(?:tokio|async_std|async_fs|smol|monoio|compio|tokio_uring)\s*::\s*(?:\{[^}]{0,400}\b)?fs\b|\buse\s+fs_err::tokio/;

function fsCall(file: LintFile, site: Site): Blocking | null {
  const callee = calleeOf(file, site);
  const match = /^(std::)?fs::(?:(?:File|OpenOptions)::)?\w+$/.exec(callee);
  const file_ = /^(?:std::fs::)?File::(?:open|create|create_new)$/.test(callee);
  if (match === null && !file_) return null;
  const std = callee.startsWith('std::');
  if (!std) {
    // `fs::` and `File` mean what the file imports.
    if (mentions(file, ASYNC_FS) || !mentions(file, STD_FS)) return null;
  }
  const call = callee.replace(/^std::/, '');
  return { call, instead: 'Use the runtime’s file system calls (`tokio::fs`) or `spawn_blocking`.' };
}

function net(file: LintFile, site: Site): Blocking | null {
  const callee = calleeOf(file, site);
  const match = /^(std::net::)?(TcpStream|UnixStream)::(?:connect|connect_timeout)$/.exec(callee);
  if (match === null) return null;
  const [, std, type = ''] = match;
  if (std === undefined && !imports(file, 'std::net', type)) return null;
  return {
    call: `${type}::${site.name}`,
    instead: 'Use the runtime’s sockets (`tokio::net`) or `spawn_blocking`.',
  };
}

function command(file: LintFile, site: Site): Blocking | null {
  const callee = calleeOf(file, site);
  if (!/^(?:std::process::|process::)?Command::new\(/.test(callee)) return null;
  const named = callee.startsWith('std::');
  if (!named && (mentions(file, ASYNC_PROCESS) || !mentions(file, STD_PROCESS))) return null;
  return {
    call: `Command::${site.name}`,
    instead: 'Use the runtime’s processes (`tokio::process::Command`) or `spawn_blocking`.',
  };
}

function blockingClient(file: LintFile, site: Site): Blocking | null {
  const callee = calleeOf(file, site);
  if (!/(?:^|::)reqwest::blocking::/.test(callee) || callee.includes('.')) return null;
  return {
    call: 'reqwest::blocking',
    instead: 'Use the async `reqwest::Client`; the blocking one panics when dropped in a runtime.',
  };
}

/** Whether the code runs as part of a task itself, not in a closure that someone else may call elsewhere. */
function inAsync(file: LintFile, index: number): boolean {
  const runner = file.sites[enclosing(file.sites, index, RUNS)];
  if (runner === undefined) return false;
  if (runner.kind === 'async-block') return true;
  const head = file.text.slice(runner.start, runner.start + 40);
  if (runner.kind === 'closure') return /^(?:static\s+)?async\b/.test(head);
  return file.items[runner.item]?.async === true;
}

function isAwaited(text: string, { end }: Site): boolean {
  return /^\s*(?:\?\s*)?\.\s*await\b/.test(text.slice(end, end + 60));
}

/** Whether the file has `use …path::name` or `use …path::{…, name, …}`. */
function imports(file: LintFile, path: string, name: string): boolean {
  return mentions(
    file,
    new RegExp(`\\buse\\s[^;]{0,200}\\b${path}::(?:${name}\\b|\\{[^};]{0,400}\\b${name}\\b|\\*)`),
  );
}

const SYNC_FS = inTask(fsCall);
const PROCESS = inTask(command);
const CLIENT = inTask(blockingClient);

export const blockingChecks: SiteChecks = {
  calls: {
    ...Object.fromEntries(FS.map((name) => [name, SYNC_FS])),
    sleep: inTask(sleep),
    block_on: inTask(blockOn),
    connect: inTask(net),
    connect_timeout: inTask(net),
    output: PROCESS,
    status: PROCESS,
    get: CLIENT,
    new: CLIENT,
    builder: CLIENT,
  },
};
