import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TsdownPlugin } from 'tsdown';

interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
}

/** Writes `THIRD-PARTY-LICENSES.txt`: name, version and licence text of every package that the bundle holds. */
export function licences(): TsdownPlugin {
  return {
    name: 'third-party-licences',
    generateBundle(_options, bundle) {
      const roots = new Set<string>();
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue;
        for (const id of output.moduleIds) {
          const root = packageRoot(id);
          if (root !== null) roots.add(root);
        }
      }
      const packages = [...roots].map(describe).sort((a, b) => a.name.localeCompare(b.name, 'en'));
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES.txt', source: render(packages) });
    },
  };
}

/** The package folder that holds a module; null for our own modules and virtual ones. */
function packageRoot(id: string): string | null {
  const path = id.replace(/^\0/, '').replace(/\?.*$/, '');
  if (!path.includes('/node_modules/')) return null;
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    // Packages put bare `{"type": "module"}` manifests into subfolders: only one with a version counts.
    if (existsSync(manifest) && typeof read(manifest).version === 'string') return folder;
  }
  return null;
}

function describe(root: string): Bundled {
  const manifest = read(join(root, 'package.json'));
  const files = readdirSync(root).filter((name) => /^(licen[cs]e|copying|notice)([.-]|$)/i.test(name));
  const text = files.map((name) => readFileSync(join(root, name), 'utf8').trim()).join('\n\n');
  return {
    name: String(manifest.name),
    version: String(manifest.version),
    license: typeof manifest.license === 'string' ? manifest.license : 'see text',
    text: text === '' ? '(the package carries no licence file; its manifest names the licence above)' : text,
  };
}

function read(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}

function render(packages: readonly Bundled[]): string {
  const head = 'rustassistant is distributed with the following packages, bundled into its files.\n';
  const parts = packages.map(
    ({ name, version, license, text }) => `${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${text}\n`,
  );
  return [head, ...parts].join('\n');
}
