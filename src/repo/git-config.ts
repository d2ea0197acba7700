import { join, resolve } from 'node:path';
import { messageOf } from '../errors.ts';
import type { Notice } from '../types/run.ts';
import { git } from './git.ts';
import { readText } from './git-dir.ts';
import type { Root } from './root.ts';

/** What the walk needs of git's configuration. */
export interface GitSettings {
  /** `core.excludesFile` or git's default for it; null without a home directory. The file need not exist. */
  readonly excludesFile: string | null;
  readonly ignoreCase: boolean;
  readonly notices: readonly Notice[];
}

interface Values {
  readonly excludesFile?: string;
  readonly ignoreCase?: string;
}

/**
 * Reads git's configuration files (system, user, repository) and starts no program, unless one of them
 * includes others or the environment overrides them: then git itself is asked, and where it fails a notice
 * says so and what was read stands.
 */
export async function gitSettings(root: Root, env: NodeJS.ProcessEnv): Promise<GitSettings> {
  const notices: Notice[] = [];
  let text = '';
  for (const path of configFiles(root, env)) text += `\n${readText(path) ?? ''}`;
  let values = readValues(text);
  if (
    /^\s*\[\s*include(?:if)?[\s\]]/im.test(text) ||
    env['GIT_CONFIG_COUNT'] ||
    env['GIT_CONFIG_PARAMETERS']
  ) {
    try {
      values = await askGit(root, env);
    } catch (error) {
      const message = `git's included configuration was not read: ${messageOf(error)}`;
      notices.push({ code: 'git-config-unread', message });
    }
  }
  const base = configHome(env);
  const fallback = base === null ? null : join(base, 'git', 'ignore');
  const named = values.excludesFile;
  return {
    excludesFile: named === undefined ? fallback : named === '' ? null : expand(named, root, env),
    ignoreCase: isTrue(values.ignoreCase),
    notices,
  };
}

/** Weakest first, as git reads them. */
function configFiles(root: Root, env: NodeJS.ProcessEnv): string[] {
  const files: (string | null)[] = [];
  if (!isTrue(env['GIT_CONFIG_NOSYSTEM'])) files.push(env['GIT_CONFIG_SYSTEM'] ?? '/etc/gitconfig');
  const base = configHome(env);
  if (env['GIT_CONFIG_GLOBAL'] !== undefined) files.push(env['GIT_CONFIG_GLOBAL']);
  else files.push(base && join(base, 'git', 'config'), env['HOME'] ? join(env['HOME'], '.gitconfig') : null);
  if (root.gitCommonDir !== null) files.push(join(root.gitCommonDir, 'config'));
  if (root.gitDir !== null) files.push(join(root.gitDir, 'config.worktree'));
  return files.filter((path) => path !== null && path !== '') as string[];
}

function configHome(env: NodeJS.ProcessEnv): string | null {
  if (env['XDG_CONFIG_HOME']) return env['XDG_CONFIG_HOME'];
  return env['HOME'] ? join(env['HOME'], '.config') : null;
}

async function askGit(root: Root, env: NodeJS.ProcessEnv): Promise<Values> {
  const query = ['config', '-z', '--get-regexp', '^core\\.(excludesfile|ignorecase)$'];
  const answer = (await git(root, query, { env, accept: [0, 1] })).toString('utf8');
  const values: { excludesFile?: string; ignoreCase?: string } = {};
  for (const entry of answer.split('\0')) {
    const [key = '', ...value] = entry.split('\n');
    if (key === 'core.excludesfile') values.excludesFile = value.join('\n');
    // A key without a value is true.
    if (key === 'core.ignorecase') values.ignoreCase = value.length === 0 ? 'true' : value.join('\n');
  }
  return values;
}

/** The last values in a configuration text (git-config(1), "Syntax"). */
function readValues(text: string): Values {
  const values: { excludesFile?: string; ignoreCase?: string } = {};
  let core = false;
  // A backslash at the end of a line continues it.
  for (const raw of text.replace(/\\\r?\n/g, '').split(/\r?\n/)) {
    const header = /^\s*\[\s*([\w.-]*)\s*(?:"(?:[^"\\]|\\.)*"\s*)?\]/.exec(raw);
    if (header !== null) core = /^\[\s*core\s*\]$/i.test(header[0].trim());
    const line = header === null ? raw : raw.slice(header[0].length);
    const entry = /^\s*(excludesfile|ignorecase)\s*(?:=(.*))?$/i.exec(line);
    if (!core || entry === null) continue;
    const value = entry[2] === undefined ? 'true' : readValue(entry[2]);
    if (entry[1]?.toLowerCase() === 'excludesfile') values.excludesFile = value;
    else values.ignoreCase = value;
  }
  return values;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };

/** Quotes and escapes resolved, comment and outer white space left out. */
function readValue(text: string): string {
  let value = '';
  let kept = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (char === '"') {
      quoted = !quoted;
      kept = value.length;
    } else if (!quoted && (char === '#' || char === ';')) {
      break;
    } else if (char === '\\' && at + 1 < text.length) {
      at += 1;
      value += ESCAPES[text[at] as string] ?? text[at];
      kept = value.length;
    } else if (quoted || !/\s/.test(char)) {
      value += char;
      kept = value.length;
    } else if (value !== '') {
      value += char;
    }
  }
  return value.slice(0, kept);
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(?:true|yes|on|[1-9]\d*)$/i.test(value);
}

function expand(path: string, root: Root, env: NodeJS.ProcessEnv): string {
  if (path.startsWith('~/') && env['HOME']) return join(env['HOME'], path.slice(2));
  return resolve(root.root, path);
}
