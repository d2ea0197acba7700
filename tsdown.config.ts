import { defineConfig } from 'tsdown';
import { chunks } from './scripts/build/chunks.ts';
import { licences } from './scripts/build/licences.ts';
import { piscinaWorker } from './scripts/build/piscina-worker.ts';

/**
 * The published program: every library is bundled, so that an installation is a few packages and a start
 * reads few files; natives alone stay outside (optionalDependencies), and what a user may add (peerDependencies).
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
  // Half as much to compile at each start.
  minify: true,
  deps: {
    neverBundle: [
      'better-sqlite3',
      /^@lancedb\/lancedb-/,
      /^@mongodb-js\/zstd-/,
      '@napi-rs/nice',
      '@huggingface/transformers',
    ],
    alwaysBundle: [/./],
    onlyBundle: false,
  },
  inputOptions: {
    checks: {
      // Bottleneck's optional Redis door and Emscripten's glue use it; neither is reached with foreign text.
      eval: false,
      // Our own modules share a chunk, so that importing one of them late splits nothing off.
      ineffectiveDynamicImport: false,
      pluginTimings: false,
    },
  },
  outputOptions: {
    codeSplitting: { groups: chunks() },
  },
  plugins: [piscinaWorker(), licences()],
});
