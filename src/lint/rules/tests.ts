import type { FileCheck, Hit, LintFile } from '../rule.ts';
import { commentsAbove } from '../text.ts';
import type { Item } from '../../types/syntax.ts';

const IS_TEST = /^#\[\s*(?:\w+::)*(?:test|rstest|test_case|quickcheck)\b/;
const ENDS_OTHERWISE = /should_panic|ignore|no_run|quickcheck|test_case|proptest/;
/** What makes a test fail: an assertion, a panic, an error, or code by another name that does one of these. */
const MAY_FAIL =
  /assert|panic|unwrap|expect|\?|fail|verif|check|ensure|prop_|snapshot|unreachable|todo!|compile|run|test|compar|equal|must|should|matches|is_send|is_sync|Send|Sync|catch|exit|loom|model|round|valid|bench|each|\bimpl\b|\bfn\s/i;
/** A longer test is not searched. */
const LONGEST = 8_000;
/** A name that says what the code is to survive. */
const SAYS_SO = /issue|bug|regress|crash|panic|(?:^|_)no_|zero|empty|safe|overflow|too_|drop|leak/i;
/** A result thrown away on purpose, or a wait that would never end: the test is that it does not panic, or that it ends. */
const ENDS_AT_ALL = /\blet\s+_\s*=|\b(?:park|wait|join|shutdown|lock|sleep|spawn)\w*\(/;
const HARMLESS_MACROS = new Set(
  'println print eprintln eprint format vec write writeln dbg debug info trace warn error'.split(' '),
);
const CALLED = /(?<![\w.:])([a-z_]\w*)\s*(?:::<[^>]*>)?\(/g;

/** A test that passes whatever the code does, panics apart. */
export const testHits: FileCheck = (file) => {
  const hits: Hit[] = [];
  for (const item of file.items) {
    if (item.kind !== 'fn' || item.body === null || !item.attributes.some((written) => IS_TEST.test(written)))
      continue;
    if (item.attributes.some((written) => ENDS_OTHERWISE.test(written)) || /->/.test(item.signature))
      continue;
    if (SAYS_SO.test(item.name)) continue;
    if (item.body.end - item.body.start > LONGEST) continue;
    const body = file.text.slice(item.body.start, item.body.end);
    if (MAY_FAIL.test(body) || ENDS_AT_ALL.test(body) || callsHelper(file, item, body)) continue;
    if (item.doc !== '' || commentsAbove(file.text, item.head) !== '' || !leavesUnread(body)) continue;
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

/** Whether a value is made, and at most changed or printed after: nothing reads what came of it. */
function leavesUnread(body: string): boolean {
  const silent = body.replace(PRINTS, '');
  return [...silent.matchAll(BINDING)].some(([{ length }, mutable, name = ''], at, all) => {
    const rest = silent.slice((all[at]?.index ?? 0) + length);
    const changes = mutable === undefined ? '' : `[;{}]\\s*\\(?\\*?${name}\\b(?=\\.)`;
    const read = changes === '' ? rest : rest.replace(new RegExp(changes, 'g'), '');
    return !new RegExp(`\\b${name}\\b`).test(read);
  });
}

const PRINTS = /\b(?:e?print(?:ln)?|dbg|trace|debug|info|warn|error)!\s*\([^;]*\)/g;
const BINDING = /\blet\s+(mut\s+)?([a-z]\w*)\s*(?::[^=;]+)?=/g;

/** Whether it calls a helper beside it or from elsewhere, or a macro of unknown effect: each may assert. */
function callsHelper({ items, sites }: LintFile, item: Item, body: string): boolean {
  if (/\/\/|\/\*/.test(body) || body.trim().length < 4) return true;
  // Types that must fit and names that must be there are tested by the compiler.
  if (/\blet\s+\w+\s*:/.test(body) || !/\blet\s+(?:mut\s+)?[a-z]|\.\w+\(/.test(body)) return true;
  const called = new Set([...body.matchAll(CALLED)].map(([, name = '']) => name));
  called.delete('drop');
  const own = items.filter((other) => other.kind === 'fn' && called.has(other.name));
  if (own.length < called.size || own.some(({ parent }) => parent === item.parent)) return true;
  return sites.some(
    ({ kind, name, start }) =>
      kind === 'macro' && item.start <= start && start < item.end && !HARMLESS_MACROS.has(name),
  );
}
