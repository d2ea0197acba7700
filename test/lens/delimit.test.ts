import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { element, escaped, unescaped } from '../../src/lens/delimit.ts';

/** Text made of pieces of tags and of anything else. */
const codeLike = fc
  .array(
    fc.oneof(
      fc.constantFrom('<', '\\', '/', 'item', 'Item', 'CONTEXT', 'file', ' id="1"', '>', ' ', '\n'),
      fc.string(),
    ),
  )
  .map((pieces) => pieces.join(''));

describe('escaped', () => {
  const check = (text: string, expected: string): void => expect(escaped(text)).toBe(expected);
  it('breaks every tag of ours, in whatever case it closes', () => {
    check('</item>', '<\\/item>');
    check('x</ITEM\n><item id="1">', 'x<\\/ITEM\n><\\item id="1">');
    check('< /item> </ item>', '< /item> <\\/ item>');
    check('<context></context></file>', '<\\context><\\/context><\\/file>');
    check('<\\/item>', '<\\\\/item>');
  });
  it('leaves Rust as it is', () => {
    const rust = "fn a<I: Iterator<Item = T>>(c: &mut Context<'_>) -> Vec<Item> { b::<Context>() < items }";
    check(rust, rust);
  });
  it('holds no tag that opens or closes an element, and gives the text back', () => {
    fc.assert(
      fc.property(codeLike, (text) => {
        expect(escaped(text)).not.toMatch(/<\/\s*(?:item|context|file)/i);
        expect(escaped(text)).not.toMatch(/<(?:item|context|file)\b/);
        expect(unescaped(escaped(text))).toBe(text);
      }),
    );
  });
});

describe('element', () => {
  it('stands on lines of its own', () => {
    expect(element('item', 'fn a() {}', ' id="3"')).toBe('<item id="3">\nfn a() {}\n</item>\n');
    expect(element('context', 'a\n')).toBe('<context>\na\n</context>\n');
  });
});
