/** The shape of what users install: one small package, natives beside it, a quick start. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { VERSION } from '../src/version.ts';
import { sources } from './support/structure.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
  engines: { node: string };
  bin: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional: boolean }>;
};

beforeAll(() => {
  if (!existsSync(join(dist, 'rustassistant.mjs'))) throw new Error('dist/ is missing: npm run build');
});

/** What a bundled file imports, as the minifier writes it: static imports are statements. */
const STATIC = /(?:^|;)(?:import|export)(?:\{[^{}]*\}from|[\w$*, {}]+ from| ?)"([^"]+)"/g;
/** Whatever is called with one string: `require` has no name of its own there. */
const CALL = /(?:[^.\w$][\w$]+|\))\([`"]([^`"\s/][^`"\s]*)[`"]\)/g;

function importsOf(file: string, pattern: RegExp): string[] {
  return [...readFileSync(join(dist, file), 'utf8').matchAll(pattern)].map(([, to]) => to as string);
}

/** `@scope/name` of `@scope/name/part`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The file and all that it loads before its first line runs. */
function atOnce(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const to of importsOf(file, STATIC)) if (to.startsWith('./')) atOnce(to.slice(2), seen);
  return seen;
}

/** Those of our own files that a command loads in a home below `work`, without what tells their builds apart. */
function loadedBy(work: string, args: readonly string[]): string[] {
  const coverage = mkdtempSync(join(work, 'coverage-'));
  const env = {
    PATH: process.env['PATH'],
    RUSTASSISTANT_HOME: join(work, 'home'),
    NODE_V8_COVERAGE: coverage,
  };
  execFileSync(process.execPath, [join(dist, 'rustassistant.mjs'), ...args], { env });
  const scripts = readdirSync(coverage).flatMap((name) => {
    const text = readFileSync(join(coverage, name), 'utf8');
    return (JSON.parse(text) as { result: { url: string }[] }).result;
  });
  const names = scripts.map(
    ({ url }) => /\/dist\/(analysis|base|core|more|parser|search)-[^/]*$/.exec(url)?.[1],
  );
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

describe('package.json', () => {
  test('says the version that the program says', () => {
    expect(VERSION).toBe(manifest.version);
  });

  test('ships natives alone, pinned; libraries are bundled', () => {
    expect(manifest.dependencies).toBeUndefined();
    for (const [name, range] of Object.entries(manifest.optionalDependencies)) {
      expect(`${name} ${range}`).toMatch(
        /^(better-sqlite3|@lancedb\/lancedb-[\w-]+|@mongodb-js\/zstd-[\w-]+) \d+\.\d+\.\d+$/,
      );
    }
  });

  test('what a user may add is optional, and what is tested is in its range', () => {
    expect(Object.keys(manifest.peerDependencies)).toEqual(Object.keys(manifest.peerDependenciesMeta));
    for (const [name, range] of Object.entries(manifest.peerDependencies)) {
      expect(manifest.peerDependenciesMeta[name]).toEqual({ optional: true });
      expect(range).toBe(`^${manifest.devDependencies[name]}`);
    }
  });

  test.each(['@mongodb-js/zstd', '@lancedb/lancedb'])('the platform packages are those of %s', (name) => {
    const library = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8');
    const { optionalDependencies } = JSON.parse(library) as typeof manifest;
    const platforms = Object.entries(optionalDependencies).filter(([platform]) => platform.startsWith(name));
    expect(platforms.length).toBeGreaterThan(5);
    expect(manifest.optionalDependencies).toMatchObject(Object.fromEntries(platforms));
  });
});

describe('the bundle', () => {
  const files = (): string[] => readdirSync(dist).filter((name) => name.endsWith('.mjs'));

  test('needs nothing that the package does not bring', () => {
    const { optionalDependencies, peerDependencies } = manifest;
    const beside = [...Object.keys(optionalDependencies), ...Object.keys(peerDependencies)];
    const known = new Set([...builtinModules, 'sqlite', ...beside]);
    // Optional parts of bundled libraries, asked for behind a condition and never by us.
    for (const name of ['@napi-rs/nice', 'supports-color', '@mongodb-js/zstd-linux-arm-gnueabihf'])
      known.add(name);
    // Words in the templates of ajv, for validators that are written to files.
    for (const name of ['ajv', 'ajv-formats']) known.add(name);
    const imported = files().flatMap((file) => importsOf(file, STATIC));
    const asked = files().flatMap((file) => importsOf(file, CALL));
    expect(imported).toContain('node:fs');
    expect(asked).toContain('better-sqlite3');
    const packages = asked.filter((to) => existsSync(join(root, 'node_modules', packageOf(to))));
    const foreign = [...imported, ...packages]
      .filter((to) => !to.startsWith('.'))
      .map((to) => packageOf(to.replace(/^node:/, '')))
      .filter((name) => !known.has(name));
    expect(foreign).toEqual([]);
  });

  test('starts from the launcher and one small chunk', () => {
    expect([...atOnce('rustassistant.mjs')]).toEqual(['rustassistant.mjs']);
    const bytes = [...atOnce('cli.mjs')].reduce((sum, file) => sum + statSync(join(dist, file)).size, 0);
    expect(bytes).toBeLessThan(48 * 1024);
  });

  test('where nothing has changed, neither the parser nor another command is loaded', () => {
    const work = mkdtempSync(join(tmpdir(), 'rustassistant-package-'));
    try {
      const file = join(work, 'crate', 'lib.rs');
      mkdirSync(join(work, 'crate'));
      writeFileSync(file, 'pub fn one() -> u8 { 1 }\n');
      // A file of this moment would be looked at once more.
      utimesSync(file, new Date('2026-01-01'), new Date('2026-01-01'));
      const analyze = ['analyze', join(work, 'crate'), '--provider', 'local'];
      expect(loadedBy(work, analyze)).toEqual(['analysis', 'base', 'core', 'parser']);
      expect(loadedBy(work, analyze)).toEqual(['analysis', 'base', 'core']);
      const search = ['search', 'one', '--repo', join(work, 'crate')];
      expect(loadedBy(work, search)).toContain('parser');
      expect(loadedBy(work, search)).toEqual(['base', 'core', 'search']);
    } finally {
      rmSync(work, { recursive: true });
    }
  });

  test('names the licence of every library in it', () => {
    const text = readFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    const imported = sources().flatMap(({ imports }) => imports.map(({ to }) => to));
    const libraries = new Set(imported.map(packageOf).filter((name) => name in manifest.devDependencies));
    const { optionalDependencies, peerDependencies } = manifest;
    for (const name of Object.keys({ ...optionalDependencies, ...peerDependencies })) libraries.delete(name);
    expect(libraries.size).toBeGreaterThan(5);
    for (const name of libraries) expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
  });

  test('--version prints it', () => {
    const out = execFileSync(process.execPath, [join(dist, 'rustassistant.mjs'), '--version'], {
      encoding: 'utf8',
    });
    expect(out).toBe(`${manifest.version}\n`);
  });

  test('without the file of its threads every file fails with the reason, and soon', () => {
    const work = mkdtempSync(join(tmpdir(), 'rustassistant-package-'));
    try {
      cpSync(dist, join(work, 'dist'), { recursive: true });
      cpSync(join(root, 'grammars'), join(work, 'grammars'), { recursive: true });
      symlinkSync(join(root, 'node_modules'), join(work, 'node_modules'));
      rmSync(join(work, 'dist', 'worker.mjs'));
      mkdirSync(join(work, 'crate'));
      for (let at = 0; at < 40; at += 1) {
        writeFileSync(join(work, 'crate', `f${at}.rs`), `fn f${at}() {}\n`.padEnd(8_000, '// padding\n'));
      }
      const program = join(work, 'dist', 'rustassistant.mjs');
      const args = [program, 'analyze', join(work, 'crate'), '--provider', 'local'];
      const env = { PATH: process.env['PATH'], RUSTASSISTANT_HOME: join(work, 'home') };
      const { status, stdout } = spawnSync(process.execPath, args, {
        encoding: 'utf8',
        env,
        timeout: 30_000,
      });
      expect(status).toBe(3);
      expect(stdout.match(/^failed: .*Cannot find module/gm)).toHaveLength(40);
    } finally {
      rmSync(work, { recursive: true });
    }
  });

  test('a Node that is too old gets one line and status 2', () => {
    const pretend = `Object.defineProperty(process.versions, 'node', { value: '20.18.3' });`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(pretend)}`,
        join(dist, 'rustassistant.mjs'),
        'analyze',
      ],
      { encoding: 'utf8' },
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^rustassistant needs Node 20\.19 or newer; this is 20\.18\.3 .*\n$/);
  });
});
