import type { TsdownPlugin } from 'tsdown';

/**
 * Piscina starts its threads from the file `worker.js` beside itself. In the bundle that file is an entry of
 * its own, `piscina-worker.mjs`, beside the chunk that holds Piscina.
 */
export function piscinaWorker(): TsdownPlugin {
  const before = "(__dirname, 'worker.js')";
  return {
    name: 'piscina-worker',
    transform: {
      filter: { id: /piscina[\\/]dist[\\/]index\.js$/ },
      handler(code) {
        if (!code.includes(before))
          throw new Error('piscina starts its threads differently: mend this plugin');
        return code.replace(before, "(__dirname, 'piscina-worker.mjs')");
      },
    },
  };
}
