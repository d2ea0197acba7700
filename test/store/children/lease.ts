/** Takes the lease argv[3] in the home argv[2], says so, and keeps it for ever. */
import { openGlobal } from '../../../src/store/global.ts';
import { openLayout } from '../../../src/store/layout.ts';

const [, , home = '', name = ''] = process.argv;
const global = await openGlobal(openLayout(home));
process.stdout.write(`${global.takeLease(name, Date.now()) !== null}\n`);
setInterval(() => undefined, 1_000);
