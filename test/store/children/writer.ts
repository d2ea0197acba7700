/** Adds pairs of rows to argv[2] in transactions for ever, printing each pair's number once it is committed. */
import { openDatabase } from '../../../src/store/sqlite.ts';

const [, , path = ''] = process.argv;
const database = await openDatabase(path, {
  migrations: ['create table t(a integer)'],
  synchronous: 'FULL',
});
const insert = database.prepare('insert into t values (?)');
for (let n = 0; ; n += 1) {
  database.transaction(() => {
    insert.run(n);
    insert.run(n);
  });
  process.stdout.write(`${n}\n`);
}
