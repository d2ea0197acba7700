import type { FileCheck, Hit, LintFile } from '../rule.ts';
import type { Item } from '../../types.ts';

const IS_TEST = /^#\[\s*(?:\w+::)*(?:test|rstest|test_case|quickcheck|wasm_bindgen_test)\b/;
const ENDS_OTHERWISE = /should_panic|ignore|no_run|quickcheck|test_case|proptest/;
/** What makes a test fail: an assertion, a panic, an error, or code by another name that does one of these. */
const MAY_FAIL =
  /assert|panic|unwrap|expect|\?|fail|verif|check|ensure|prop_|snapshot|unreachable|todo!|compile|run|test|compar|equal|must|should|matches|is_send|is_sync|Send|Sync|catch|exit|loom|model|round|valid|bench|each|\bimpl\b|\bfn\s/i;
const HARMLESS_MACROS = new Set(
  'println print eprintln eprint format vec write writeln dbg debug info trace warn error'.split(' '),
);
const CONTROL = /(?<![\w.])([a-z_]\w*)\s*(?:::<[^>]*>)?\(/g;

/** A test that passes whatever the code does, panics apart. */
export const testHits: FileCheck = (file) => {
  const hits: Hit[] = [];
  for (const item of file.items) {
    if (item.kind !== 'fn' || item.body === null || !item.attributes.some((written) => IS_TEST.test(written)))
      continue;
    if (item.attributes.some((written) => ENDS_OTHERWISE.test(written)) || /->/.test(item.signature))
      continue;
    const body = file.text.slice(item.body.start, Math.min(item.body.end, item.body.start + 8_000));
    if (MAY_FAIL.test(body) || callsHelper(file, item, body)) continue;
    hits.push({
      rule: 'test-without-assertion',
      start: item.head,
      end: item.body.start,
      title: `test \`${item.name}\` asserts nothing`,
      message: 'It passes as long as nothing panics: a wrong result goes through.',
      suggestion: 'Assert the result; where it is enough that nothing panics, say so in a comment.',
    });
  }
  return hits;
};

/** Whether it calls a function of its own file, or a macro of unknown effect: either may assert. */
function callsHelper({ items, sites }: LintFile, item: Item, body: string): boolean {
  if (/\/\/|\/\*/.test(body) || body.trim().length < 4) return true;
  const called = new Set([...body.matchAll(CONTROL)].map(([, name = '']) => name));
  if (
    items.some(
      (other) =>
        other.kind === 'fn' && other !== item && called.has(other.name) && other.parent === item.parent,
    )
  )
    return true;
  return sites.some(
    ({ kind, name, start }) =>
      kind === 'macro' && item.start <= start && start < item.end && !HARMLESS_MACROS.has(name),
  );
}
