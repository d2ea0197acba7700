import { describe, expect, it } from 'vitest';
import { addRules, decide, NO_RULES } from '../../src/repo/ignore-rules.ts';

type Kind = 'directory' | 'link' | 'rust';

function check(text: string, path: string, expected: string | null, kind: Kind = 'rust', fold = false) {
  const rules = addRules(NO_RULES, text, 0, { fold });
  const name = path.slice(path.lastIndexOf('/') + 1);
  expect(decide(rules, path.slice(0, path.length - name.length), name, kind), `${text} on ${path}`).toBe(
    expected,
  );
}

const ignored = (text: string, ...on: string[]) => on.forEach((path) => check(text, path, 'ignored'));
const silent = (text: string, ...on: string[]) => on.forEach((path) => check(text, path, null));

describe('patterns', () => {
  it('match a name at any depth, or from the file on where a slash stands in them', () => {
    ignored('x.rs', 'x.rs', 'a/b/x.rs');
    ignored('*.rs', 'x.rs', 'a/.rs');
    ignored('/x.rs', 'x.rs');
    silent('/x.rs', 'a/x.rs');
    ignored('a/x.rs', 'a/x.rs');
    silent('a/x.rs', 'b/a/x.rs', 'a/xx.rs');
  });

  it('know one star, two stars and what lies between', () => {
    ignored('a/*.rs', 'a/x.rs');
    silent('a/*.rs', 'a/b/x.rs');
    ignored('a/**', 'a/x.rs', 'a/b/c/x.rs');
    ignored('**/x.rs', 'x.rs', 'a/b/x.rs');
    ignored('a/**/x.rs', 'a/x.rs', 'a/b/c/x.rs');
    silent('a/**/x.rs', 'a/b/xx.rs', 'b/x.rs');
    ignored('a?c/x*y.rs', 'abc/xy.rs', 'abc/xzzy.rs');
    silent('a?c/x.rs', 'a/c/x.rs');
  });

  it('read a literal head by itself, as git does: what follows may span directories', () => {
    ignored('a/b**/c.rs', 'a/bx/y/c.rs', 'a/bc.rs');
    silent('a/b**/c.rs', 'a/c.rs');
  });

  it('know brackets, ranges, negation and classes', () => {
    ignored('[ab].rs', 'a.rs');
    silent('[!ab].rs', 'a.rs');
    ignored('[^ab].rs', 'c.rs');
    ignored('[a-c]x.rs', 'bx.rs');
    ignored('[]-]x.rs', ']x.rs', '-x.rs');
    ignored('[[:digit:]_]x.rs', '7x.rs', '_x.rs');
    ignored('[\\]x]y.rs', ']y.rs');
    silent('[a', 'a.rs', '[a');
    silent('[[:nope:]].rs', 'n.rs');
    silent('a[/]b.rs', 'a/b.rs');
  });

  it('take `?` and brackets for one byte', () => {
    silent('?.rs', Buffer.from('é.rs').toString('latin1'));
    ignored('??.rs', Buffer.from('é.rs').toString('latin1'));
  });

  it('escape, comment and trim', () => {
    ignored('\\#x.rs', '#x.rs');
    silent('#x.rs', '#x.rs');
    ignored('\\!x.rs', '!x.rs');
    ignored('\\*.rs', '*.rs');
    silent('\\*.rs', 'x.rs');
    ignored('x.rs   ', 'x.rs');
    ignored('x.rs\r\n', 'x.rs');
    check('x\\ \n', 'x ', 'ignored', 'directory');
    check('x\\  ', 'x ', 'ignored', 'directory');
    silent('x.rs\\', 'x.rs', 'x.rs\\');
    ignored('\xef\xbb\xbfx.rs', 'x.rs');
  });

  it('let the last match decide, and a slash at the end ask for a directory', () => {
    check('*.rs\n!x.rs', 'x.rs', 'included');
    check('!x.rs\n*.rs', 'x.rs', 'ignored');
    check('gen/', 'gen', 'ignored', 'directory');
    check('gen/', 'gen', null, 'link');
    check('a/*/', 'a/b', 'ignored', 'directory');
  });

  it('fold ASCII case where git does', () => {
    check('X[A-C].rs', 'xb.rs', 'ignored', 'rust', true);
    check('/Gen', 'gen', 'ignored', 'directory', true);
    check('[[:upper:]].rs', 'x.rs', 'ignored', 'rust', true);
    silent('X.rs', 'x.rs');
  });

  it('cost little, however hostile', () => {
    const began = performance.now();
    silent('**/a/'.repeat(12) + 'x.rs', 'a/'.repeat(1000) + 'y.rs');
    silent('*a'.repeat(40) + '*bx.rs', 'ab'.repeat(120) + '.rs');
    silent('[a-', 'a.rs');
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
