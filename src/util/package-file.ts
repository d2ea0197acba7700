import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Path of a file that the package brings along, like `grammars/web-tree-sitter.wasm`, found upward from `from` (a module's
 * `import.meta.url`): the sources and the bundle lie at different depths of the same package. Throws where the package
 * has lost it.
 */
export function packageFile(name: string, from: string): string {
  let folder = dirname(fileURLToPath(from));
  for (;;) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
    const above = dirname(folder);
    if (above === folder) throw new Error(`${name} is missing from the installation`);
    folder = above;
  }
}

/** Content of such a file. Throws where it cannot be read. */
export function readPackageFile(name: string, from: string): Buffer<ArrayBuffer> {
  return readFileSync(packageFile(name, from));
}
