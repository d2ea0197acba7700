import { lintSource } from '@secretlint/core';
import { creator, rules } from '@secretlint/secretlint-rule-preset-recommend';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';

import type { Redactor } from '../../src/llm/redact.ts';
import { createRedactor } from '../../src/llm/redact.ts';

// Put together here, so that no scanner takes this file for a leak.
const GITHUB = `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`;
const SLACK = `xoxb-${'23984754863-2348975623103'}-${'abcdefghijklmnopqrstuvwx'}`;
const PEM = `-----BEGIN ${'RSA PRIVATE KEY'}-----\n${'MIIEpAIBAAKCAQEA7bq'.repeat(20)}\n-----END ${'RSA PRIVATE KEY'}-----`;

let redact: Redactor;
beforeAll(async () => {
  redact = await createRedactor();
});

describe('a secret', () => {
  test.each([
    ['a GitHub token', GITHUB],
    ['a Slack token', SLACK],
    ['a private key', PEM],
  ])('%s leaves the text', (_, secret) => {
    const { text, hits } = redact(`let a = "${secret}";\nlet b = 1;`);
    expect(text).not.toContain(secret);
    expect(text).toMatch(/^let a = "[\s\S]*\[REDACTED:[a-z0-9-]+\][\s\S]*";\nlet b = 1;$/);
    expect(hits.length).toBeGreaterThan(0);
  });

  test('that both know has the kind that local findings give it', () => {
    expect(redact(`"${GITHUB}"`).text).toBe('"[REDACTED:github-token]"');
  });

  test('that only the rules of the preset know leaves it too', () => {
    const linear = `lin_api_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0'}`;
    expect(redact(`"${linear}"`).text).toMatch(/^"\[REDACTED:[a-z-]+\]"$/);
  });

  test('is not kept by a comment in the code that asks for it', () => {
    const code = `// secretlint-disable\nlet a = "${GITHUB}"; // secretlint-disable-line`;
    expect(redact(code).text).not.toContain(GITHUB);
  });
});

test('code without secrets is left as it is', () => {
  const code = 'fn token(key: &str) -> Result<Password, Error> { Password::parse(key)? }';
  expect(redact(code)).toMatchObject({ text: code, hits: [] });
});

test('equal texts are redacted equally, whatever came before', () => {
  const code = `let a = "${GITHUB}"; let b = "${SLACK}";`;
  const first = redact(code);
  redact(PEM);
  expect(redact(code).text).toBe(first.text);
  expect(redact(code).hits).toEqual(first.hits);
});

test('the rules find what they find under secretlint itself', async () => {
  const content = `let a = "${GITHUB}"; let b = "${SLACK}"; let c = "npm_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}";`;
  const official = await lintSource({
    source: { content, filePath: 'item.rs', ext: '.rs', contentType: 'text' },
    options: { config: { rules: [{ id: 'preset', rule: creator }] }, noPhysicFilePath: true },
  });
  expect(official.messages.length).toBeGreaterThan(1);
  const { text } = redact(content);
  for (const { range } of official.messages) expect(text).not.toContain(content.slice(...range));
});

test('the rule that obeys comments is still there to be left out', () => {
  expect(rules.map((rule) => rule.meta.id)).toContain('@secretlint/secretlint-rule-filter-comments');
});

describe('offsets', () => {
  test('map back around and inside a replacement', () => {
    const before = 'let a = "';
    const { text, hits, toOriginal } = redact(`${before}${GITHUB}"; b.unwrap()`);
    const [hit] = hits;
    if (hit === undefined) throw new Error('the token is found');
    expect([hit.start, hit.end]).toEqual([before.length, before.length + GITHUB.length]);
    expect(toOriginal(0)).toBe(0);
    expect(toOriginal(before.length)).toBe(hit.start);
    expect(toOriginal(before.length + 3)).toBe(hit.start);
    expect(toOriginal(before.length + 3, 'end')).toBe(hit.end);
    expect(toOriginal(text.indexOf('"; b'))).toBe(hit.end);
    expect(toOriginal(text.indexOf('b.unwrap'))).toBe(hit.end + 3);
    expect(toOriginal(text.length, 'end')).toBe(before.length + GITHUB.length + 13);
  });

  test('of what is not redacted point to the same characters', () => {
    const part = fc.oneof(
      fc.constantFrom(GITHUB, SLACK),
      fc.string({ maxLength: 12 }).map((s) => ` "${s}" `),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const original = parts.join(' ; ');
        const { text, hits, toOriginal } = redact(original);
        const inMark = (offset: number) =>
          hits.some(({ start, end }) => toOriginal(offset) >= start && toOriginal(offset) < end);
        for (let offset = 0; offset < text.length; offset += 1) {
          if (!inMark(offset)) expect(original[toOriginal(offset)]).toBe(text[offset]);
        }
        expect(toOriginal(text.length)).toBe(original.length);
      }),
      { numRuns: 50 },
    );
  });
});
