/** Opens argv[2] with the migrations in argv[3] when a line comes in, adds a row, prints the notices. */
import { once } from 'node:events';
import { openDatabase } from '../../../src/store/sqlite.ts';

const [, , path = '', migrations = '[]'] = process.argv;
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const database = await openDatabase(path, {
  migrations: JSON.parse(migrations) as string[],
  synchronous: 'NORMAL',
  onCorrupt: 'rebuild',
});
database.prepare('insert into t values (?)').run(process.pid);
process.stdout.write(`${JSON.stringify(database.notices)}\n`);
database.close();
process.stdin.destroy();
