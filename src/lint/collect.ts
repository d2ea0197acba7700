import type { Site } from '../types/syntax.ts';
import type { Hit, LintFile, SiteCheck, SiteChecks } from './rule.ts';
import { armChecks } from './rules/arms.ts';
import { attributeChecks } from './rules/attributes.ts';
import { blockingChecks } from './rules/blocking.ts';
import { callbackChecks } from './rules/callbacks.ts';
import { channelChecks } from './rules/channels.ts';
import { cryptoChecks } from './rules/crypto.ts';
import { fileChecks } from './rules/files.ts';
import { lengthChecks } from './rules/lengths.ts';
import { libraryChecks } from './rules/library.ts';
import { lockChecks } from './rules/locks.ts';
import { forgetChecks } from './rules/forget.ts';
import { memoryChecks } from './rules/memory.ts';
import { pointerChecks } from './rules/pointers.ts';
import { processChecks } from './rules/process.ts';
import { resultChecks } from './rules/results.ts';
import { reviewerChecks } from './rules/reviewer.ts';
import { shellChecks } from './rules/shell.ts';
import { sqlChecks } from './rules/sql.ts';
import { swallowedChecks } from './rules/swallowed.ts';
import { tlsChecks } from './rules/tls.ts';
import { unsafeChecks } from './rules/unsafe.ts';

type Table = ReadonlyMap<string, readonly SiteCheck[]>;

/** Longer names are not asked for. */
const LONGEST_NAME = 32;
const ASCII = 128;

/** What looks at single sites. */
export const FAMILIES: readonly SiteChecks[] = [
  unsafeChecks,
  memoryChecks,
  forgetChecks,
  lockChecks,
  blockingChecks,
  libraryChecks,
  resultChecks,
  shellChecks,
  sqlChecks,
  reviewerChecks,
  pointerChecks,
  lengthChecks,
  channelChecks,
  callbackChecks,
  processChecks,
  swallowedChecks,
  tlsChecks,
  cryptoChecks,
  fileChecks,
  attributeChecks,
  armChecks,
];
const CALLS = tableOf(FAMILIES.map(({ calls }) => calls));
const MACROS = tableOf(FAMILIES.map(({ macros }) => macros));
const KINDS = tableOf(FAMILIES.map(({ kinds }) => kinds));
const WANTED = wanted([...CALLS.keys(), ...MACROS.keys()]);

/** What the rules that asked for a site's kind or name say of it, in one pass over the sites. */
export function siteHits(file: LintFile): Hit[] {
  const hits: Hit[] = [];
  file.sites.forEach((site, index) => {
    const checks = checksFor(site);
    if (checks !== undefined) addHits(hits, checks, file, site, index);
  });
  return hits;
}

function addHits(hits: Hit[], checks: readonly SiteCheck[], file: LintFile, site: Site, index: number): void {
  for (const check of checks) {
    const hit = check(file, site, index);
    if (hit !== null) hits.push(hit);
  }
}

function checksFor({ kind, name }: Site): readonly SiteCheck[] | undefined {
  if (kind !== 'call' && kind !== 'macro') return KINDS.get(kind);
  if (!mayBeWanted(name)) return undefined;
  return kind === 'call' ? CALLS.get(name) : MACROS.get(name);
}

/** Most names need no look-up: no wanted one is as long and begins with the same letter. */
function mayBeWanted(name: string): boolean {
  if (name === '' || name.length >= LONGEST_NAME) return false;
  const first = name.charCodeAt(0);
  return first < ASCII && WANTED[name.length * ASCII + first] === 1;
}

/** Marks the pairs of length and first letter that a wanted name has. */
function wanted(names: readonly string[]): Uint8Array {
  const marks = new Uint8Array(LONGEST_NAME * ASCII);
  for (const name of names) marks[name.length * ASCII + name.charCodeAt(0)] = 1;
  return marks;
}

function tableOf(families: readonly (Readonly<Record<string, SiteCheck>> | undefined)[]): Table {
  const table = new Map<string, SiteCheck[]>();
  for (const family of families) {
    for (const [name, check] of Object.entries(family ?? {}))
      table.set(name, [...(table.get(name) ?? []), check]);
  }
  return table;
}
