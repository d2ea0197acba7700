import { expect, test } from 'vitest';
import table from '../../data/std-safety.json';
import { auditSite } from '../../src/unsafe/audit.ts';
import { originOf } from '../../src/unsafe/resolve.ts';
import type { Declared } from '../../src/unsafe/site.ts';
import { factsOf } from './support.ts';

const declared = table.declared as readonly Declared[];
const std = originOf('std', 'std', [{ declared, safe: [], staticMuts: [], unionFields: [] }]);

/** What the first block calls, a question mark where it is not certain. */
function calls(body: string): string[] {
  const facts = factsOf(`fn f() { unsafe { ${body} } }`);
  const [site] = facts.sites.map((raw) => auditSite(raw, [originOf('crate', '', [facts]), std]));
  return (site?.operations ?? []).map(({ contract, certain }) => `${contract?.path}${certain ? '' : '?'}`);
}

test.each([
  ['std::ptr::read(p)', ['ptr::read']],
  ['ptr::copy_nonoverlapping(a, b, n)', ['ptr::copy_nonoverlapping']],
  ['core::slice::from_raw_parts::<u8>(p, n)', ['slice::from_raw_parts']],
  ['v.get_unchecked(1)', ['slice::get_unchecked']],
  ['String::from_utf8_unchecked(v)', ['String::from_utf8_unchecked']],
  ['Box::from_raw(p)', ['Box::from_raw']],
  ['mem::transmute::<A, B>(x)', ['mem::transmute']],
  ['p.add(1)', ['pointer::add?']],
  ['file.read(&mut buffer)', []],
  ['v.push(1)', []],
  ['other::read(p)', []],
])('%s', (body, expected) => {
  expect(calls(body)).toEqual(expected);
});

test('the table says where it comes from, and spells contracts out', () => {
  expect(table.licence).toContain('MIT OR Apache-2.0');
  expect(table.source).toMatch(/rust-src \d/);
  const copy = declared.find(({ path }) => path === 'ptr::copy_nonoverlapping');
  expect(copy?.clauses?.join(' ')).toMatch(/valid for reads.*valid for writes.*aligned.*overlap/);
  // Said elsewhere in the documentation, and followed there.
  expect(declared.find(({ path }) => path === 'alloc::dealloc')?.clauses?.join(' ')).toContain('same layout');
  expect(declared.filter(({ clauses }) => clauses?.some((clause) => /^see\b/i.test(clause)))).toEqual([]);
});
