import { describe, expect, it } from 'vitest';
import { check, ofRule } from '../support.ts';

describe('hidden-characters', () => {
  it('fires on bidirectional controls', () => {
    check('hidden-characters', 'fn f() {\n    /*\u202e } \u2066if admin\u2069 \u2066 begin */ //~ high\n}');
    check('hidden-characters', 'const A: &str = "user\u202e \u2066// admin\u2069 \u2066"; //~ high');
    check('hidden-characters', '// a\u200eb //~ medium');
  });

  it('fires on what cannot be seen', () => {
    for (const hidden of [
      '\u200b',
      '\u2060',
      '\u00ad',
      '\ufeff',
      '\u3164',
      '\u180e',
      '\u{e0041}',
      '\u200d',
      '\u200c',
      '\u2063',
    ]) {
      check('hidden-characters', `// one${hidden}two //~ medium`);
      check('hidden-characters', `let s = "one${hidden}two"; //~ medium`);
    }
    check('hidden-characters', `// a\u{fe01}\u{fe0e}\u{e0101}\u{e0142} b //~ medium`);
    check('hidden-characters', '// a\u001b[2K b //~ low\n// a\u0008b //~ low');
  });

  it('speaks once a line, and makes them visible', () => {
    const [finding, ...more] = ofRule('hidden-characters', 'let s = "a\u200bb\u200bc";');
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      title: 'invisible character U+200B',
      quote: 'let s = "a\\u{200b}b\\u{200b}c";',
      startColumn: 11,
      endColumn: 12,
    });
  });

  it('is silent on text that needs them', () => {
    check(
      'hidden-characters',
      [
        '\ufefffn f() {}',
        '// 👩\u200d👩\u200d👧\u200d👦 👩🏽\u200d🚀 ❤\ufe0f\u200d🔥 🏳\ufe0f\u200d🌈 🤷\u200d♀\ufe0f',
        '// 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} and 1\ufe0f\u20e3',
        '// می\u200cخواهم ශ්\u200dරී क्\u200dष',
        '// \u200fשלום\u200e (1)',
        '// naïve café Ünïcode 日本語 — “quotes” \u00a0',
        'let s = "\\u{202e}\\u{200b}";',
        "let c = '\\u{200d}';",
      ].join('\n'),
    );
  });

  it('is not told apart in tests', () => {
    check('hidden-characters', '#[cfg(test)]\nmod tests { fn f() {} /*\u202e*/ } //~ high');
  });
});
