import type { Operation } from '../unsafe/resolve.ts';
import { UNSAFE_KINDS } from '../unsafe/site.ts';
import type { UnsafeKind } from '../unsafe/site.ts';
import { counted, grouped } from '../util/numbers.ts';
import { clipped, printable } from '../util/printable.ts';
import { joined } from './blocks.ts';
import { table } from './table.ts';
import type { UnsafeFile, UnsafeReport, UnsafeSite } from './unsafe-model.ts';

export interface UnsafeView {
  /** `gaps`: places that lack something; `all`: every place. */
  readonly show: 'gaps' | 'all';
  readonly tests: boolean;
  /** Places at most. */
  readonly limit: number;
}

/** How each kind is called, one and many. */
export const KIND_NAMES: Readonly<Record<UnsafeKind, readonly [one: string, many: string]>> = {
  block: ['unsafe block', 'blocks'],
  fn: ['unsafe fn', 'functions'],
  trait: ['unsafe trait', 'traits'],
  impl: ['unsafe impl', 'implementations'],
  extern: ['unsafe extern block', 'extern blocks'],
  static: ['unsafe static', 'statics'],
  attribute: ['unsafe attribute', 'attributes'],
  'fn-type': ['type of an unsafe fn', 'function types'],
  macro: ['unsafe in a macro', 'in macros'],
};

/** The sums, and the places that lack something. */
export async function unsafeText(report: UnsafeReport, view: UnsafeView): Promise<string> {
  const { files, left } = shownFiles(report.files, view);
  const several = new Set(report.files.map(({ root }) => root)).size > 1;
  const unknown = report.files.filter(({ problem }) => problem !== undefined);
  const blocks = [await sums(report)];
  if (unknown.length > 0) blocks.push(unknown.map((file) => unknownLine(file, several)));
  for (const file of files)
    blocks.push([pathOf(file, several), ...file.sites.flatMap(siteLines), ...miriLines(file)]);
  if (left > 0) blocks.push([`${counted(left, 'more place')} not shown: --limit, or --json for all`]);
  return joined(blocks);
}

/** Files with the places that are to be shown, and how many are left out. */
export function shownFiles(
  files: readonly UnsafeFile[],
  { show, tests, limit }: UnsafeView,
): { readonly files: readonly UnsafeFile[]; readonly left: number } {
  const wanted = files.map((file) => ({
    ...file,
    sites: file.sites.filter((site) => (tests || !site.test) && (show === 'all' || site.gaps.length > 0)),
  }));
  let room = limit;
  const cut = wanted.map((file) => {
    const sites = file.sites.slice(0, Math.max(0, room));
    room -= file.sites.length;
    return { ...file, sites };
  });
  return { files: cut.filter(({ sites }) => sites.length > 0), left: Math.max(0, -room) };
}

async function sums({ summary }: UnsafeReport): Promise<string[]> {
  const { files, code, tests, withoutComment, withoutContract, unmentioned } = summary;
  const head = `unsafe code in ${grouped(files.unsafe)} of ${counted(files.found, 'file')}`;
  const kinds = UNSAFE_KINDS.filter((kind) => (code[kind] ?? 0) + (tests[kind] ?? 0) > 0);
  if (kinds.length === 0) return [head];
  const rows = kinds.map((kind) => [
    KIND_NAMES[kind][1],
    grouped(code[kind] ?? 0),
    grouped(tests[kind] ?? 0),
  ]);
  return [
    head,
    '',
    ...(await table([['', 'code', 'tests'], ...rows], ['left', 'right', 'right'])),
    '',
    `without a SAFETY comment ${grouped(withoutComment)}, without a Safety section ${grouped(withoutContract)}, ` +
      `requirements that no comment mentions ${grouped(unmentioned)} (tests left out)`,
  ];
}

function unknownLine(file: UnsafeFile, several: boolean): string {
  return `unknown: ${pathOf(file, several)}: ${printable(file.problem ?? '')}`;
}

function pathOf({ root, path }: UnsafeFile, several: boolean): string {
  return printable(several ? `${root}/${path}` : path);
}

const WIDTH = 110;

function siteLines(site: UnsafeSite): string[] {
  const { startLine, operations, comment } = site;
  const done = operationList(operations);
  const lines = [`  ${String(startLine).padStart(5)}  ${placeOf(site)}${done === '' ? '' : `: ${done}`}`];
  if (comment !== null) lines.push(`         says: ${clipped(said(comment), WIDTH)}`);
  return [...lines, ...gapLines(site).map((line) => `         ${line}`)];
}

/** Several comments on one line. */
export function said(comment: string): string {
  return printable(comment.replaceAll('\n', ' / '));
}

/** Each command once a file. */
function miriLines({ sites }: UnsafeFile): string[] {
  const commands = new Set(sites.map(({ miri }) => miri).filter((miri) => miri !== null));
  return [...commands].map((command) => `  try: ${printable(command)}`);
}

/** What a place lacks. Where nothing is said at all, what it owes is named and not spelt out. */
export function gapLines({ gaps }: UnsafeSite): string[] {
  if (!gaps.some(({ kind }) => kind === 'no-comment')) return gaps.map(gapLine);
  const owed = new Map<string, number>();
  for (const gap of gaps) if (gap.kind === 'clause') owed.set(gap.path, (owed.get(gap.path) ?? 0) + 1);
  const list = [...owed].map(([path, count]) => `${printable(path)} (${count})`).join(', ');
  return [`no SAFETY comment${list === '' ? '' : `; requirements to answer: ${list}`}`];
}

/** `unsafe block in Ring::push`. */
export function placeOf({ kind, name, item }: UnsafeSite): string {
  const what = KIND_NAMES[kind][0];
  if (kind === 'fn' || kind === 'trait' || kind === 'static' || kind === 'impl')
    return `${what} ${printable(item)}`;
  const named = kind === 'attribute' && name !== '' ? `${what} ${printable(name)}` : what;
  return item === '' ? named : `${named} in ${printable(item)}`;
}

/** What is done, each thing once; a question mark where types would have to tell. */
export function operationList(operations: readonly Operation[]): string {
  const sure = operations.filter(({ certain }) => certain);
  const shown = (sure.length > 0 ? sure : operations).map(({ text, certain, contract }) => {
    const known = contract === null ? text : contract.path;
    return `${printable(known)}${certain ? '' : '?'}`;
  });
  return clipped([...new Set(shown)].join(', '), WIDTH);
}

function gapLine(gap: UnsafeSite['gaps'][number]): string {
  switch (gap.kind) {
    case 'no-comment':
      return 'no SAFETY comment';
    case 'no-contract':
      return 'no Safety section says what its users must uphold';
    case 'clause':
      return `not mentioned: ${clipped(printable(gap.clause), WIDTH)} (${printable(gap.path)})`;
    default:
      return gap satisfies never;
  }
}
