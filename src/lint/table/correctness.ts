import { rule } from './row.ts';
import type { RuleInfo } from '../rule.ts';

export const correctness: readonly RuleInfo[] = [
  rule('length-truncation', 'low', 'correctness', 'length cut by a cast', {
    cwe: 197,
    what: '`….len() as u32` or a narrower type where the function neither compares the length nor names a maximum or `try_from`. For 32 bits it is `info`, and of text and bytes alone: a memory hardly holds so many of anything larger. Left out: tests, unsafe functions, whose bound is their caller’s to keep, local arrays, parts that a call cut (`let (head, rest) = …`), sums that wrap on purpose, and places with a comment.',
    why: 'The upper bits are dropped without an error: a header then says less than follows it.',
    mend: 'Use `u32::try_from(….len())`, or bound the length before.',
    inTests: 'silent',
    inGenerated: false,
    precision: { right: 20, judged: 25 },
    fires: `fn header(name: &str) -> [u8; 2] {
    (name.len() as u16).to_be_bytes()
}`,
    silent: `fn header(name: &str) -> Result<[u8; 2], TryFromIntError> {
    Ok(u16::try_from(name.len())?.to_be_bytes())
}`,
  }),
  rule('length-underflow', 'low', 'correctness', 'subtraction from a length that may be less', {
    cwe: 191,
    what: '`list.len() - 1` in a `pub fn` of a library, where its caller gives the list (and what is subtracted, if that is no number), nothing before it compares, fills or looks into the list, and the documentation speaks of no duty or panic. Places with a comment are left out.',
    why: 'An empty list makes it wrap to the largest number there is, or panic in a debug build.',
    mend: 'Use `checked_sub` or `saturating_sub`, or look first whether the list is long enough.',
    libraryOnly: true,
    precision: { right: 1, judged: 1 },
    fires: `pub fn last_line(lines: &[String]) -> usize {
    lines.len() - 1
}`,
    silent: `pub fn last_line(lines: &[String]) -> Option<usize> {
    lines.len().checked_sub(1)
}`,
  }),
  rule('unchecked-index', 'low', 'correctness', 'index that the caller chooses', {
    cwe: 129,
    what: 'A `pub fn` of a library that indexes by a `usize` parameter which it does not compare before, and whose documentation speaks of no panic, bound or duty.',
    why: 'An index out of range panics; the caller learns it when it happens.',
    mend: 'Return an `Option` by `.get(…)`, or document the panic under `# Panics`.',
    libraryOnly: true,
    precision: { right: 23, judged: 25 },
    fires: `pub fn row(&self, index: usize) -> &Row {
    &self.rows[index]
}`,
    silent: `pub fn row(&self, index: usize) -> Option<&Row> {
    self.rows.get(index)
}`,
  }),
  rule('unbounded-recursion', 'info', 'correctness', 'recursion as deep as the input', {
    cwe: 674,
    what: 'A function of a library that by its name parses, reads, decodes or skips input, calls itself directly (trait methods, which may mean one of another type, apart), and has nothing in it that counts or limits (`depth`, `limit`, `level`, `remaining` …). Left out: functions that walk a tree which is there already, and calls in closures. A remark only: whether the input or something else ends it is often told elsewhere.',
    why: 'Input that nests deep enough overflows the stack: the process ends, and nothing can catch it.',
    mend: 'Pass a depth and return an error at a limit, or keep a stack of your own.',
    libraryOnly: true,
    precision: { right: 5, judged: 7 },
    fires: `fn parse_value(&mut self) -> Result<Value, Error> {
    match self.next()? {
        Token::Open => Ok(Value::List(vec![self.parse_value()?])),
        token => Ok(Value::Leaf(token)),
    }
}`,
    silent: `fn parse_value(&mut self, depth: usize) -> Result<Value, Error> {
    match self.next()? {
        Token::Open if depth > 0 => Ok(Value::List(vec![self.parse_value(depth - 1)?])),
        Token::Open => Err(Error::TooDeep),
        token => Ok(Value::Leaf(token)),
    }
}`,
  }),
];
