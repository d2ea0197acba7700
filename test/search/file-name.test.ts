import { describe, expect, it } from 'vitest';
import { fileName, fileWords } from '../../src/search/file-name.ts';

describe('fileName', () => {
  it.each([
    ['tokio/src/net/tcp/mod.rs', 'tcp', 'tokio net tcp'],
    ['crates/core/main.rs', 'core', 'core'],
    ['crates/regex/src/lib.rs', 'regex', 'regex'],
    ['src/lib.rs', 'lib', 'lib'],
    ['src/walk.rs', 'walk', 'walk'],
    ['build.rs', 'build', 'build'],
  ])('%s is %s', (path, name, words) => {
    expect(fileName(path)).toBe(name);
    expect(fileWords(path)).toBe(words);
  });
});
