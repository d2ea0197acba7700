import { join } from 'node:path';

const SOURCES = join(import.meta.dirname, '..', '..', 'src');

/** What each part of the program is entered by; late imports of what it always needs are named with it. */
const START = ['cli.ts'];
const ANALYSIS = [
  'commands/analyze.ts',
  'commands/command.ts',
  'commands/reviewing.ts',
  'config/load.ts',
  'pipeline/analyze.ts',
  'report/progress.ts',
  'report/text.ts',
  'store/layout.ts',
];
const PARSER = ['pipeline/worker.ts'];
const SEARCH = [
  'commands/command.ts',
  'commands/search.ts',
  'embed/builtin.ts',
  'pipeline/search/embedder.ts',
  'pipeline/search/findings.ts',
  'pipeline/search/search.ts',
  'pipeline/search/targets.ts',
  'report/progress.ts',
  'report/search.ts',
  'repo/path-filter.ts',
  'store/layout.ts',
];

/** Files that the bundler writes for each of them. */
const ENTRIES = ['launcher.ts', 'cli.ts', 'pipeline/worker.ts'].map((path) => join(SOURCES, path));

/** What the bundler knows of its modules, as far as it is asked for here. */
interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

type Part = (id: string, modules: Modules) => boolean;

interface Group {
  readonly name: (id: string, modules: Modules) => string | null;
  readonly priority: number;
}

/**
 * Our own modules in six files, by what loads them: to find and link a file costs Node as much as to parse 50 KB, and
 * code that a run has no need of is not to be parsed by it. No file imports one that comes after it, nor do the three
 * parts one another. What they need of libraries at once is with them; the others stay apart.
 */
export function chunks(): Group[] {
  const parts = [partOf(ANALYSIS), partOf(PARSER), partOf(SEARCH)] as const;
  const shared: Part = (id, modules) => parts.filter((has) => has(id, modules)).length > 1;
  const [analysis, parser, search] = parts;
  const files: [string, Part][] = [
    ['base', partOf(START)],
    ['core', shared],
    ['analysis', analysis],
    ['parser', parser],
    ['search', search],
    ['more', isOurs],
  ];
  return files.map(([name, has], at) => ({
    name: (id, modules) => (!ENTRIES.includes(id) && has(id, modules) ? name : null),
    priority: files.length - at,
  }));
}

function isOurs(id: string): boolean {
  return id.startsWith(SOURCES);
}

/** The modules that some of ours import, directly or through others, and these themselves. */
function partOf(paths: readonly string[]): Part {
  let found: Set<string> | undefined;
  return (id, modules) => {
    found ??= reached(
      paths.map((path) => join(SOURCES, path)),
      modules,
    );
    return found.has(id);
  };
}

function reached(from: readonly string[], modules: Modules): Set<string> {
  const found = new Set(from);
  // A set is walked in the order in which it grows.
  for (const id of found) for (const next of modules.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  return found;
}
