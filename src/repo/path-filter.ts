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
    for (let depth = segments.length; depth > 0; depth -= 1) {
      const directory = segments
        .slice(0, depth - 1)
        .map((segment) => `${segment}/`)
        .join('');
      const kind = depth === segments.length ? 'rust' : 'directory';
      const verdict = decide(rules, directory, segments[depth - 1] as string, kind);
      if (verdict !== null) return verdict === 'ignored';
    }
    return byDefault;
  };
}
