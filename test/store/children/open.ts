/** Opens argv[2] with the migrations in argv[3] when the file argv[4] appears, adds a row, prints the row count. */
import { existsSync } from 'node:fs';
import { openDatabase } from '../../../src/store/sqlite.ts';

const [, , path = '', migrations = '[]', gate = ''] = process.argv;
process.stdout.write('ready\n');
while (!existsSync(gate)) await new Promise((resolve) => setImmediate(resolve));
const database = await openDatabase(path, {
  migrations: JSON.parse(migrations) as string[],
  synchronous: 'NORMAL',
  onCorrupt: 'rebuild',
});
database.prepare('insert into t values (?)').run(process.pid);
process.stdout.write(`${JSON.stringify(database.notices)}\n`);
database.close();
