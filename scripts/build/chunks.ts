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
 * Our own modules in five files, by what loads them: to find and link a file costs Node as much as to parse 50 KB, and
 * code that a run has no need of is not to be parsed by it. No file imports one that comes after it. Libraries stay apart.
 */
export function chunks(): Group[] {
  const [start, analysis, parser] = [partOf(START), partOf(ANALYSIS), partOf(PARSER)];
  const parts: [string, Part][] = [
    ['base', start],
    ['core', (id, modules) => analysis(id, modules) && parser(id, modules)],
    ['analysis', analysis],
    ['parser', parser],
    ['more', () => true],
  ];
  return parts.map(([name, has], at) => ({
    name: (id, modules) => (isOurs(id) && has(id, modules) ? name : null),
    priority: parts.length - at,
  }));
}

function isOurs(id: string): boolean {
  return id.startsWith(SOURCES) && !ENTRIES.includes(id);
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
