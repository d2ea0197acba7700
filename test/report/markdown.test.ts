import { marked } from 'marked';
import { describe, expect, test } from 'vitest';
import { LONGEST_COMMENT, renderMarkdown } from '../../src/report/markdown.ts';
import type { Finding } from '../../src/types/finding.ts';
import { CLEAN, crowd, finding, ODD_PATHS, REPORT, REPOSITORY, reportOf } from './sample.ts';

/** The comment as a browser gets it. */
function page(found: Readonly<Record<string, readonly Finding[]>>): string {
  return marked.parse(renderMarkdown(reportOf(found), 'info'), { async: false });
}

/** What a reader sees of a page. */
function seen(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&#8203;', '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

test('the counts, then each finding folded, the worst first', async () => {
  await expect(renderMarkdown(REPORT, 'medium')).toMatchFileSnapshot('../golden/report.md');
});

test('nothing found is said; several repositories stand one after the other', () => {
  expect(renderMarkdown(CLEAN, 'medium')).toContain('### rustassistant: no findings of medium or worse\n');
  const both = renderMarkdown({ ...REPORT, repositories: [REPOSITORY, ...CLEAN.repositories] }, 'medium');
  expect(both.match(/^### /gm)).toHaveLength(2);
});

describe('foreign text', () => {
  const HOSTILE = [
    '<img src=x onerror=alert(1)>',
    '![pixel](https://evil.example/p.png)',
    '[click](https://evil.example)',
    'https://evil.example/a www.evil.example',
    '</details><h1>done</h1>',
    '`a` and `` b',
    '**bold** _it_ ~~no~~',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    '&lt;b&gt; \\* <!-- x',
  ];

  test.each(HOSTILE)('%j renders as itself', (text) => {
    const html = page({
      'src/lib.rs': [finding({ title: text, message: text, suggestion: text, item: text, quote: text })],
    });
    expect(html).not.toMatch(/<(?:img|h1|a|strong>bold|em|del|table)\b/);
    expect(html.match(/<details>/g)).toHaveLength(1);
    expect(html.match(/<\/details>/g)).toHaveLength(1);
    const line = text.replace(/\s+/g, ' ').replaceAll('`', '');
    expect(seen(html).replaceAll('`', '').split(line).length).toBeGreaterThan(3);
  });

  test('mentions nobody and refers to nothing', () => {
    const text = 'ask @octocat or @org/team about #12';
    const html = page({ 'src/lib.rs': [finding({ title: text, message: text, suggestion: text })] });
    const outsideOfCode = html.replace(/<(code|pre)>[^]*?<\/\1>/g, '').replaceAll('&#8203;', '\u200b');
    expect(outsideOfCode).not.toMatch(/@\w|(?<!&)#\d/);
  });

  test.each(ODD_PATHS)('the path %j', (path) => {
    const html = page({ [path]: [finding()] });
    expect(seen(html)).toContain(`${path.replace('\u202e', '\\u{202e}')}:141`);
    expect(html.match(/<details>/g)).toHaveLength(1);
  });

  test('a fence in the quote does not end the block; CRLF is one line break', () => {
    const html = page({ 'src/lib.rs': [finding({ quote: '```\r\n@octocat\r\n````\r\n<b>' })] });
    expect(html.match(/<pre>/g)).toHaveLength(1);
    expect(html).toContain('```\n@octocat\n````\n&lt;b&gt;');
  });
});

test('30,000 findings fit a comment, the worst of them, and the rest is counted', () => {
  const text = renderMarkdown(crowd(30_000, { message: 'm'.repeat(5_000) }), 'info');
  expect(text.length).toBeLessThanOrEqual(LONGEST_COMMENT);
  expect(text.length).toBeGreaterThan(LONGEST_COMMENT * 0.8);
  expect(text).toMatch(
    /\n\n29,9\d\d more findings: a comment holds no more\.\n$|\n\n29,9\d\d more findings: .*\n\n- /,
  );
  expect(text).not.toContain('<b>high</b>');
  expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
});

test('a finding about the whole file has no line', () => {
  expect(page({ 'src/lib.rs': [finding({ startLine: 0 })] })).toContain('<code>src/lib.rs</code>');
});
