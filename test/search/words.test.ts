import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { newSplitter, partsOf } from '../../src/search/words.ts';

describe('partsOf', () => {
  it.each([
    ['parse_http_request', 'parse http request'],
    ['ParseHttpRequest', 'parse http request'],
    ['HTTPServer', 'http server'],
    ['sha256', 'sha 256'],
    ['__private', 'private'],
    ['MAX_LEN', 'max len'],
    ['x', 'x'],
    ['Größe_übrig', 'größe übrig'],
    ['_', ''],
  ])('%s → %s', (identifier, parts) => expect(partsOf(identifier).join(' ')).toBe(parts));
});

describe('the splitter', () => {
  const check = (text: string, terms: string): void => expect(newSplitter()(text).join(' ')).toBe(terms);
  it('gives an identifier whole and in parts, however it is written', () => {
    check('connection_pool', 'connectionpool connect pool');
    check('ConnectionPool', 'connectionpool connect pool');
  });
  it('stems, so that prose and code meet', () => {
    check('Connecting connections', 'connect connect');
    check('parses a request', 'pars request');
  });
  it('leaves out stop words of English and Rust, but not identifiers made of them', () => {
    check('what is the use of it', '');
    check('pub fn as_ref(&self)', 'asref');
  });
  it('leaves out single characters and overlong data', () => check(`x ${'a1'.repeat(40)} y2`, 'y2'));
  it('gives the same again for what it remembers', () => {
    const split = newSplitter();
    expect(split('read_line')).toEqual(split('read_line'));
  });
  it('does not keep the texts that its words stood in', () => {
    const gc = collector();
    const split = newSplitter();
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let at = 0; at < 64; at += 1) split(`a_word_never_seen_before_${at} ${'- '.repeat(2 ** 19)}`);
    gc();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(16 * 2 ** 20);
  });
});

/** V8's collector, which else comes when it likes. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
