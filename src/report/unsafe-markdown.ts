import { UNSAFE_KINDS } from '../unsafe/site.ts';
import { counted, grouped } from '../util/numbers.ts';
import { code, prose } from './markdown-escape.ts';
import type { UnsafeReport, UnsafeSite } from './unsafe-model.ts';
import type { UnsafeView } from './unsafe.ts';
import { gapLines, KIND_NAMES, operationList, placeOf, said, shownFiles } from './unsafe.ts';

/** The same as Markdown: a table of the sums, and a list of places for each file. */
export function unsafeMarkdown(report: UnsafeReport, view: UnsafeView): string {
  const { summary } = report;
  const { files, left } = shownFiles(report.files, view);
  const kinds = UNSAFE_KINDS.filter((kind) => (summary.code[kind] ?? 0) + (summary.tests[kind] ?? 0) > 0);
  const rows = kinds.map(
    (kind) =>
      `| ${KIND_NAMES[kind][1]} | ${grouped(summary.code[kind] ?? 0)} | ${grouped(summary.tests[kind] ?? 0)} |`,
  );
  const unknown = report.files.filter(({ problem }) => problem !== undefined);
  return [
    '# Unsafe code',
    '',
    `In ${grouped(summary.files.unsafe)} of ${counted(summary.files.found, 'file')}; unknown in ${grouped(summary.files.unknown)}.`,
    '',
    ...(rows.length === 0 ? [] : ['|  | code | tests |', '| --- | ---: | ---: |', ...rows, '']),
    `- without a SAFETY comment: ${grouped(summary.withoutComment)}`,
    `- without a Safety section: ${grouped(summary.withoutContract)}`,
    `- requirements that no comment mentions: ${grouped(summary.unmentioned)}`,
    ...unknown.map(({ path, problem }) => `- unknown: ${code(path)}: ${prose(problem ?? '')}`),
    ...files.flatMap(({ path, sites }) => ['', `## ${code(path)}`, '', ...sites.flatMap(siteLines)]),
    ...(left === 0 ? [] : ['', `${counted(left, 'more place')} not shown.`]),
    '',
  ].join('\n');
}

function siteLines(site: UnsafeSite): string[] {
  const done = operationList(site.operations);
  return [
    `- line ${site.startLine}, ${prose(placeOf(site))}${done === '' ? '' : `: ${code(done)}`}`,
    ...(site.comment === null ? [] : [`  - says: ${prose(said(site.comment))}`]),
    ...gapLines(site).map((line) => `  - ${prose(line)}`),
    ...(site.miri === null ? [] : [`  - try ${code(site.miri)}`]),
  ];
}
