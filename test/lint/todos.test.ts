import { expect, test } from 'vitest';
import { todosOf } from '../../src/lint/todos.ts';
import { lineIndex } from '../../src/util/lines.ts';
import { syntaxOf } from '../syntax/support.ts';

function todos(text: string): string[] {
  return todosOf(syntaxOf(text), lineIndex(text)).map(
    ({ line, mark, tracked, text: said }) => `${line} ${mark}${tracked ? '*' : ''} ${said}`,
  );
}

test('in comments of every kind, and nowhere else', () => {
  const text = `// TODO: one
fn f() {
    let TODO = "FIXME not this"; // FIXME(#12) two
    /* first line
       XXX three */
    m!(/* HACK four */);
}
/// todo lower case is prose; a TODOLIST is a word
fn g() {}
`;
  expect(todos(text)).toEqual([
    '1 TODO TODO: one',
    '3 FIXME* FIXME(#12) two',
    '5 XXX XXX three',
    '6 HACK HACK four',
  ]);
});

test('long ones are cut, and many are not all kept', () => {
  const [long] = todos(`// TODO ${'x'.repeat(300)}\n`);
  expect(long).toHaveLength('1 TODO '.length + 120);
  expect(todos('// TODO x\n'.repeat(500))).toHaveLength(200);
});
