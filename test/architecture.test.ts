/** The walls of the house (ARCHITECTURE.md): who may import whom, and where the world may be touched. */
import { describe, expect, test } from 'vitest';
import type { ModuleFacts } from './support/structure.ts';
import { cycles, readModule, sources } from './support/structure.ts';

/** Lowest first. Values are imported from lower storeys or from one's own room only. */
const STOREYS: readonly (readonly string[])[] = [
  ['errors.ts', 'types', 'version.ts', 'util'],
  ['syntax', 'lint', 'lens', 'unsafe', 'cache', 'search'],
  ['config', 'repo', 'store', 'vector', 'embed', 'llm'],
  ['pipeline', 'report'],
  ['mcp'],
  ['commands'],
  ['host.ts', 'cli.ts', 'launcher.ts'],
];

/** On these storeys the rooms are parts of one whole and may use each other; cycles are still none. */
const OPEN = new Set([0, STOREYS.length - 1]);

/** Dear to load: named in a dynamic import only, so that a command pays for none that it does not use. */
const HEAVY =
  /^(openai|undici|web-tree-sitter|piscina|bottleneck|cli-table3|better-sqlite3|node:sqlite|@lancedb\/lancedb|gpt-tokenizer.*|@huggingface\/transformers|@modelcontextprotocol\/.*|ajv|@secretlint\/.*)$/;

const FILES = /^(node:)?fs(\/promises)?$/;
const NETWORK = /^(node:)?(net|tls|dgram|dns|https?|http2)(\/promises)?$|^(openai|undici)$/;
const OUTER_ROOMS = new Set([...(STOREYS[2] as readonly string[]), 'pipeline']);

/** Where a rule stands open, and why. */
const FILES_ALLOWED = new Set([
  'util/package-file.ts', // looks where the package's own grammar and model lie
]);

const MAX_LINES = 300;

const room = (path: string): string => path.split('/')[0] as string;
const storey = (path: string): number => STOREYS.findIndex((rooms) => rooms.includes(room(path)));

function wallsBroken({ path, imports }: ModuleFacts): string[] {
  if (storey(path) === -1) return [`${path} stands in no known room`];
  return imports
    .filter(({ to }) => to.endsWith('.ts') && room(to) !== room(path))
    .filter(({ to }) => storey(to) > storey(path) || (storey(to) === storey(path) && !OPEN.has(storey(to))))
    .map(({ to }) => `${path} imports ${to}`);
}

function placesBroken({ path, imports, uses }: ModuleFacts): string[] {
  const outer = OUTER_ROOMS.has(room(path));
  const only = (what: string, ...places: string[]): string[] =>
    uses.has(what) && !places.includes(path) ? [`${path} uses ${what}`] : [];
  return [
    ...only('console', 'cli.ts'),
    ...only('process.env', 'config/load.ts'),
    ...only('process.exit', 'cli.ts'),
    ...only('process.exitCode', 'cli.ts', 'launcher.ts'),
    ...(outer ? [] : only('fetch')),
    ...imports
      .filter(({ to }) => !outer && ((FILES.test(to) && !FILES_ALLOWED.has(path)) || NETWORK.test(to)))
      .map(({ to }) => `${path} imports ${to}`),
    ...imports
      .filter(({ to, kind }) => HEAVY.test(to) && kind === 'static')
      .map(({ to }) => `${path} loads ${to} at once`),
  ];
}

describe('the house stands', () => {
  const modules = sources();

  test('values are imported downwards only', () => {
    expect(modules.length).toBeGreaterThan(20);
    expect(modules.flatMap(wallsBroken)).toEqual([]);
  });

  test('no import cycles', () => {
    expect(cycles(modules)).toEqual([]);
  });

  test('console, environment, exit, files, network and heavy modules have their places', () => {
    expect(modules.flatMap(placesBroken)).toEqual([]);
  });

  test(`no file is longer than ${MAX_LINES} lines`, () => {
    const long = modules.filter(({ lines }) => lines > MAX_LINES);
    expect(long.map(({ path, lines }) => `${path} has ${lines}`)).toEqual([]);
  });
});

describe('a broken wall is seen', () => {
  const broken = (path: string, text: string): string[] => {
    const module = readModule(path, text);
    return [...wallsBroken(module), ...placesBroken(module)];
  };

  test.each([
    ['util/a.ts', `import { b } from '../lens/b.ts';`, 'util/a.ts imports lens/b.ts'],
    ['lens/a.ts', `export { b } from '../lint/b.ts';`, 'lens/a.ts imports lint/b.ts'],
    ['store/a.ts', `const b = await import('../llm/b.ts');`, 'store/a.ts imports llm/b.ts'],
    ['report/a.ts', `import '../commands/b.ts';`, 'report/a.ts imports commands/b.ts'],
    ['attic/a.ts', '', 'attic/a.ts stands in no known room'],
    ['store/a.ts', `console.log(1);`, 'store/a.ts uses console'],
    ['llm/a.ts', `const key = process.env['KEY'];`, 'llm/a.ts uses process.env'],
    ['commands/a.ts', `process.exit(1);`, 'commands/a.ts uses process.exit'],
    ['commands/a.ts', `process.exitCode = 1;`, 'commands/a.ts uses process.exitCode'],
    ['lint/a.ts', `import { readFileSync } from 'node:fs';`, 'lint/a.ts imports node:fs'],
    ['report/a.ts', `await fetch('http://localhost');`, 'report/a.ts uses fetch'],
    ['llm/a.ts', `import { Agent } from 'undici';`, 'llm/a.ts loads undici at once'],
  ])('%s: %s', (path, text, complaint) => {
    expect(broken(path, text)).toEqual([complaint]);
  });

  test('types are free, and so is what lies below', () => {
    const text = `import type { B } from '../commands/b.ts';
      type U = typeof import('undici');
      import { sha256 } from '../util/hash.ts';
      import { c } from './c.ts';`;
    expect(broken('lens/a.ts', text)).toEqual([]);
  });

  test('a cycle through three files is named', () => {
    const ring = [
      readModule('util/a.ts', `import './b.ts';`),
      readModule('util/b.ts', `import { c } from './c.ts';`),
      readModule('util/c.ts', `await import('./a.ts');`),
    ];
    expect(cycles(ring)).toEqual(['util/a.ts → util/b.ts → util/c.ts → util/a.ts']);
  });
});
