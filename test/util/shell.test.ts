import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellWord } from '../../src/util/shell.ts';

test.each(['/home/me/key', 'a=b', 'a b', "it's", '$HOME', '~/x', '`id`', 'a"b\\c', 'new\nline', ''])(
  '%j is one word',
  (text) => {
    const out = execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' });
    expect(out).toBe(text);
  },
);

test('what needs no quotes gets none', () => {
  expect(shellWord('/home/me/.rustassistant')).toBe('/home/me/.rustassistant');
});
