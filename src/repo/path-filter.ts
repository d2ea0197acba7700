import { UserError } from '../errors.ts';
import { compileGlob } from './glob.ts';
import { addRules, decide, NO_RULES } from './ignore-rules.ts';
import { toBytes } from './verdict.ts';

/**
 * Which paths `-g` lets through, as ripgrep has it: a glob (of `.gitignore`'s syntax) lets through what it matches, one
 * with `!` before it keeps that out, the last that matches decides; where there are only such with `!`, all else passes.
 *
 * Throws UserError `bad-glob` for one that can match nothing.
 */
export function pathFilter(globs: readonly string[]): (path: string) => boolean {
  for (const glob of globs) requireGlob(glob);
  const rules = addRules(NO_RULES, toBytes(globs.join('\n'), false), 0, { fold: false });
  const byDefault = globs.every((glob) => glob.startsWith('!'));
  return (path) => {
    const segments = toBytes(path, false).split('/');
    let passes = byDefault;
    let directory = '';
    for (const [depth, segment] of segments.entries()) {
      const isFile = depth === segments.length - 1;
      const verdict = decide(rules, directory, segment, isFile ? 'rust' : 'directory');
      // What is kept out takes with it all that it holds.
      if (verdict === 'included') return false;
      if (verdict === 'ignored') passes = true;
      directory += `${segment}/`;
    }
    return passes;
  };
}

function requireGlob(glob: string): void {
  const pattern = glob.replace(/^!/, '');
  if (pattern !== '' && !pattern.includes('\n') && compileGlob(pattern, { fold: false }) !== null) return;
  const hint = "Give one of .gitignore's syntax, like 'src/net/**' or '!*_test.rs'.";
  throw new UserError('bad-glob', `"${glob}" is no glob that matches anything`, hint);
}
