import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { cronWord, shellWord } from '../../src/util/shell.ts';

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

test.each(["it's 50 % $HOME", 'back\\slash', '/plain/path', 'é ü', '*?[a]', '~/x', 'a;b&c|d', '#'])(
  'cron and a shell read %j back',
  (text) => {
    const word = cronWord(text);
    for (const asRead of [word, word.replaceAll('\\%', '%')]) {
      expect(execFileSync('sh', ['-c', `printf %s ${asRead}`], { encoding: 'utf8' })).toBe(text);
    }
  },
);

test('a line break has no place in a crontab', () => {
  expect(() => cronWord('a\nb')).toThrow('no line break');
});
