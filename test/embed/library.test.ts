import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Library, Place } from '../../src/embed/library.ts';
import { globalFolders, loadLibrary, packageIn } from '../../src/embed/library.ts';
import { freshFolder } from '../support/cli.ts';

const of =
  (version: string): Place =>
  () =>
    Promise.resolve({ env: { version } } as unknown as Library);
const nowhere: Place = packageIn(freshFolder('empty'));

/** A folder of global packages with one that does so. */
function installed(code: string): Place {
  const folder = join(freshFolder('global'), 'node_modules');
  const own = join(folder, '@huggingface', 'transformers');
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'package.json'), '{"name": "@huggingface/transformers", "main": "index.js"}');
  writeFileSync(join(own, 'index.js'), code);
  return packageIn(folder);
}

describe('the library', () => {
  test('is found where it lies, the first place first', async () => {
    const global = installed("exports.env = { version: '4.9.9' };");
    expect((await loadLibrary([nowhere, global, of('4.0.0')])).env.version).toBe('4.9.9');
  });

  test('is asked for with the command that brings it', async () => {
    await expect(loadLibrary([nowhere])).rejects.toMatchObject({
      code: 'transformers-missing',
      hint: 'Run: npm install -g @huggingface/transformers --ignore-scripts',
    });
  });

  test('of another major version is refused', async () => {
    await expect(loadLibrary([of('3.7.1')])).rejects.toMatchObject({ code: 'transformers-version' });
  });

  test('that lacks something itself is broken, not missing', async () => {
    for (const code of [
      "require('onnxruntime-node-which-is-not-there')",
      "throw new Error('GLIBC_2.38 not found')",
    ]) {
      await expect(loadLibrary([installed(code), of('4.0.0')])).rejects.toMatchObject({
        code: 'transformers-broken',
      });
    }
  });
});

test('global packages lie beside Node and beside the command', () => {
  expect(globalFolders('/opt/node/bin/node', '/home/me/.local/bin/rustassistant')).toEqual([
    ...['/opt/node/lib/node_modules', '/opt/node/bin/node_modules'],
    ...['/home/me/.local/lib/node_modules', '/home/me/.local/bin/node_modules'],
  ]);
});
