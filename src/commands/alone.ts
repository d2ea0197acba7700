import type { Host } from '../host.ts';
import { takeLease } from '../pipeline/lease.ts';
import { reportJson } from '../report/json.ts';
import type { Report } from '../report/model.ts';
import type { Layout } from '../store/layout.ts';
import { REPORT_SCHEMA_VERSION, TOOL } from '../version.ts';
import type { View } from './view.ts';

const BUSY = 'another run over the tracked repositories is under way: this one does nothing';

/**
 * Does what one run over the tracked repositories at a time does. Cron starts the next one whatever became of the last:
 * where that one goes on still, it is said, under `--quiet` too, and is no failure.
 */
export async function whileAlone(
  host: Host,
  layout: Layout,
  { outputs }: View,
  work: () => Promise<number>,
): Promise<number> {
  const lease = await takeLease(layout, 'all', host.now());
  if (lease === null) {
    host.stderr.write(`note: ${BUSY}\n`);
    if (outputs[0].format === 'json') host.stdout.write(reportJson(NOTHING_DONE));
    return 0;
  }
  try {
    return await work();
  } finally {
    lease.release();
  }
}

const NOTHING_DONE: Report = {
  schemaVersion: REPORT_SCHEMA_VERSION,
  tool: TOOL,
  provider: 'local',
  model: null,
  repositories: [],
  notices: [{ code: 'busy', message: BUSY }],
};
