import { addRules, decide, NO_RULES } from './ignore-rules.ts';
import { toBytes } from './verdict.ts';

/**
 * Which paths `-g` lets through, as ripgrep has it: a glob (of `.gitignore`'s syntax) lets through what it matches, one
 * with `!` before it keeps that out, the last that matches decides; where there are only such with `!`, all else passes.
 */
export function pathFilter(globs: readonly string[]): (path: string) => boolean {
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
