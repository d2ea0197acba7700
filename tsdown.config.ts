import { defineConfig } from 'tsdown';
import { licences } from './scripts/build/licences.ts';
import { piscinaWorker } from './scripts/build/piscina-worker.ts';

/**
 * The published program: every library is bundled, so that an installation is a few packages and a start
 * reads few files; natives alone stay outside (optionalDependencies).
 */
export default defineConfig({
  entry: {
    rustassistant: 'src/launcher.ts',
    cli: 'src/cli.ts',
    worker: 'src/pipeline/worker.ts',
    'piscina-worker': 'node_modules/piscina/dist/worker.js',
  },
  outDir: 'dist',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  clean: true,
  dts: false,
  sourcemap: false,
  shims: true,
  report: false,
  deps: {
    neverBundle: ['better-sqlite3', /^@mongodb-js\/zstd-/, '@napi-rs/nice'],
    alwaysBundle: [/./],
    onlyBundle: false,
  },
  // Bottleneck's optional Redis door and Emscripten's glue use it; neither is reached with foreign text.
  inputOptions: { checks: { eval: false } },
  plugins: [piscinaWorker(), licences()],
});
