import type { Target } from '../app.ts';
import type { Host } from '../host.ts';
import { gitSettings } from '../repo/git-config.ts';
import type { Walk } from '../repo/walk.ts';
import { walk } from '../repo/walk.ts';

/** Everything that was asked for of one repository, each file once. */
export async function walkTarget({ root, prefixes, config }: Target, env: Host['env']): Promise<Walk> {
  const git = await gitSettings(root, env);
  const walks: Walk[] = [];
  for (const prefix of prefixes) {
    walks.push(
      await walk(root, {
        prefix,
        maxFileSize: config.settings.analysis.maxFileSize,
        gitExcludesFile: git.excludesFile,
        ignoreCase: git.ignoreCase,
      }),
    );
  }
  const [only] = walks;
  const notices = [...root.notices, ...git.notices, ...walks.flatMap((one) => one.notices)];
  if (only !== undefined && walks.length === 1) return { ...only, notices };
  return {
    files: unique(walks.flatMap(({ files }) => files)),
    skipped: unique(walks.flatMap(({ skipped }) => skipped)),
    boundaries: [...new Set(walks.flatMap(({ boundaries }) => boundaries))].sort(),
    notices,
    directories: walks.reduce((sum, { directories }) => sum + directories, 0),
  };
}

/** Folders given may lie in one another. */
function unique<T extends { readonly path: string }>(files: readonly T[]): T[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
