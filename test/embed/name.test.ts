import { expect, test } from 'vitest';
import { checkName, isRepository } from '../../src/embed/name.ts';

test.each(['e5-small-v2', 'all-MiniLM-L6-v2', 'bge-small-en-v1.5', 'a', 'a'.repeat(64)])('%s', (name) => {
  expect(checkName(name)).toBe(name);
});

test.each([
  ...['', '.', '..', 'a/b', 'a\\b', '../a', 'a..b', '.hidden', '-flag', 'a.', 'a b', 'a\0', 'a\n', 'é'],
  ...['C:', 'nul', 'COM1.onnx', 'builtin', 'Builtin', 'a'.repeat(65), '/etc', '~', 'a:b', '%2e%2e'],
])('%j is refused', (name) => {
  expect(() => checkName(name)).toThrow(expect.objectContaining({ code: 'bad-name' }) as Error);
});

test('owner/name, and nothing else, names a repository', () => {
  expect(isRepository('Xenova/bge-small-en-v1.5')).toBe(true);
  for (const name of ['x', 'a/b/c', '../b', 'a/..', 'a/b?c', 'a/b#c', '//b', 'a/%2e', 'https://a/b', 'a b/c'])
    expect([name, isRepository(name)]).toEqual([name, false]);
});
